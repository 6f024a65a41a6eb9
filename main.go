// Stethoscope shows people their own devices, as every system that knows them
// sees them, and what to fix first. This is the front door: it names the
// plugins and practices of this build and hands them to the house.
package main

import (
	"stethoscope/app"
	"stethoscope/plugins/standard"
	"stethoscope/practices"
)

func main() {
	app.Main(app.Parts{Plugins: standard.Plugins(), Practices: practices.Standard()})
}
