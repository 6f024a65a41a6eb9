package demo

// A Person is somebody made up, whom the demo's issuer signs in.
type Person struct {
	Email, Name string
	// State is what is true of them, for the strip at the top: "2 to fix".
	State string
}

// People are the demo's people, the default one first.
func People() []Person {
	return []Person{
		{"sam.rivera@example.com", "Sam Rivera", "2 to fix"},
		{"ada.okafor@example.com", "Ada Okafor", "all done"},
		{"jun.park@example.com", "Jun Park", "old data"},
		{"priya.nair@example.com", "Priya Nair", "security team, all done"},
		{"green@example.com", "Gale Green", "all fine"},
		{"one-red@example.com", "Reed Ono", "one device to fix"},
		{"one-unknown@example.com", "Uma Kane", "an unknown device"},
		{"nothing@example.com", "Noor Thingstad", "no device"},
		{"user@example.com", "Uri Sanders", "3 to fix"},
	}
}

// Find returns the person with this address.
func Find(email string) (Person, bool) {
	for _, p := range People() {
		if p.Email == email {
			return p, true
		}
	}
	return Person{}, false
}
