package jamf

import (
	"fmt"
	"slices"
	"strings"

	"stethoscope/posture"
)

// diskEncryption is what Jamf knows of FileVault on the disk that starts the Mac.
type diskEncryption struct {
	BootPartition *struct {
		Name    string `json:"partitionName"`
		State   string `json:"partitionFileVault2State"`
		Percent *int   `json:"partitionFileVault2Percent"`
	} `json:"bootPartitionEncryptionDetails"`
}

type storage struct {
	Disks []struct {
		Partitions []struct {
			Name    string `json:"name"`
			Type    string `json:"partitionType"`
			State   string `json:"fileVault2State"`
			Percent *int   `json:"fileVault2ProgressPercent"`
		} `json:"partitions"`
	} `json:"disks"`
}

// partition is a part of a disk with its FileVault state; percent is nil or -1
// if not known.
type partition struct {
	name, state string
	percent     *int
}

// diskEncrypted claims whether FileVault protects the partition that the Mac
// starts from. The others say nothing: on every healthy Mac with Apple silicon
// VM, Preboot, Recovery and Update are not encrypted.
func diskEncrypted(c *computer) []posture.Claim {
	var boot []partition
	if b := c.DiskEncryption.BootPartition; b != nil {
		boot = append(boot, partition{b.Name, b.State, b.Percent})
	}
	if claim, ok := bootEncrypted(boot); ok {
		return []posture.Claim{claim}
	}
	optimizing := slices.ContainsFunc(boot, partition.optimizing)
	boot = nil
	for _, disk := range c.Storage.Disks {
		for _, p := range disk.Partitions {
			if p.Type == "BOOT" {
				boot = append(boot, partition{p.Name, p.State, p.Percent})
			}
		}
	}
	if claim, ok := bootEncrypted(boot); ok {
		return []posture.Claim{claim}
	}
	optimizing = optimizing || slices.ContainsFunc(boot, partition.optimizing)
	switch status := c.OperatingSystem.FileVault; {
	case status == "BOOT_ENCRYPTED", status == "ALL_ENCRYPTED":
		return []posture.Claim{posture.DiskEncrypted.Is(true).Because("Startup disk: encrypted")}
	case status == "NOT_ENCRYPTED" && !optimizing: // else it may only mean that it has not finished
		return []posture.Claim{posture.DiskEncrypted.Is(false).Because("Startup disk: not encrypted")}
	}
	return nil // NOT_APPLICABLE, SOME_ENCRYPTED (which?) and what we have no word for
}

// bootEncrypted judges nothing: it reads the states. With two systems on one
// Mac, all of them must be encrypted.
func bootEncrypted(boot []partition) (posture.Claim, bool) {
	all, known := true, false
	var details []string
	for _, p := range boot {
		encrypted, words, ok := p.fileVault()
		if !ok {
			continue
		}
		known = true
		all = all && encrypted
		details = append(details, p.title()+": "+words)
	}
	return posture.DiskEncrypted.Is(all).Because(strings.Join(details, ", ")), known
}

// fileVault returns what the state means; ok is false if it tells nothing.
// What is on its way is not encrypted yet, or no longer. OPTIMIZING tells
// nothing: Jamf does not document it, and as the word goes the disk is
// encrypted by then.
func (p partition) fileVault() (encrypted bool, words string, ok bool) {
	switch strings.ToUpper(p.state) {
	case "ENCRYPTED":
		return true, "encrypted", true
	case "UNENCRYPTED", "DECRYPTED":
		return false, "not encrypted", true
	case "INELIGIBLE":
		return false, "not encrypted, and FileVault cannot encrypt it", true
	case "ENCRYPTING":
		return false, "being encrypted" + p.done(), true
	case "ENCRYPTING_PAUSED":
		return false, "being encrypted, paused" + p.done(), true
	case "DECRYPTING":
		return false, "being decrypted" + p.done(), true
	case "DECRYPTING_PAUSED":
		return false, "being decrypted, paused" + p.done(), true
	case "RESTART_NEEDED":
		return false, "not encrypted until the next restart", true
	}
	return false, "", false
}

func (p partition) optimizing() bool { return strings.EqualFold(p.state, "OPTIMIZING") }

func (p partition) done() string {
	if p.percent == nil || *p.percent < 0 || *p.percent > 100 {
		return ""
	}
	return fmt.Sprintf(", %d %%", *p.percent)
}

// title returns the name without what Jamf adds to it.
func (p partition) title() string {
	name := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(p.name), "(Boot Partition)"))
	if name == "" {
		return "Startup disk"
	}
	return name
}
