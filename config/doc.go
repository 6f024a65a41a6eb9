// Package config reads one YAML file strictly and says everything that is
// wrong with it at once. Start at [Parse]; a [Block] is a part of the file that
// its owner decodes; a [Secret] never stands in the file and never prints.
//
// This package is an API for plugins and practices in other repositories.
package config
