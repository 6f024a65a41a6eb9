package plugintest

import "testing"

func TestAPluginThatKeepsTheContractPasses(t *testing.T) { Run(t, shelfSuite(shelf{})) }
