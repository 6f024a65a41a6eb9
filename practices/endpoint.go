package practices

import "stethoscope/posture"

// The two programs that the original asked for, under its keys.
var (
	sentinel = Software{
		Key: "sentinel", Title: "SentinelOne",
		// The Mac's apps and bundle identifiers, the Windows agent and its service,
		// the Linux package; from the vendor's and Jamf's app lists.
		AnyOf: []string{"SentinelOne", "Sentinel Agent", "SentinelAgent", "sentineld", "com.sentinelone", "com.sentinel"},
		Fails: posture.Suggested, Platforms: computers, Texts: ours,
	}
	carbonBlack = Software{
		Key: "carbonblack", Title: "Carbon Black",
		// Its makers changed twice; the names on machines still say so.
		AnyOf: []string{
			"Carbon Black", "VMware Carbon Black", "CarbonBlack", "CbDefense", "Cb Defense Sensor", "CbOsxSensorService", "CbDaemon", "cbagentd", "cbdaemon",
			"com.carbonblack", "com.vmware.carbonblack", "com.broadcom.carbonblack",
		},
		Fails: posture.Suggested, Platforms: computers, Texts: ours,
	}
)
