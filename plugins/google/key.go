package google

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"

	"stethoscope/config"
)

// googleToken is where Google's service accounts get their tokens; a key names
// it in token_uri.
const googleToken = "https://oauth2.googleapis.com/token"

// A serviceKey is a service account's key. Print nothing of it.
type serviceKey struct {
	id       string // which of the account's keys it is
	email    string // the account
	tokenURL string
	private  string // PEM
}

// parseKey reads the JSON key that the Google Cloud console hands out. It says
// all that is wrong in sentences that repeat nothing of the key.
//
// It is read here and not by x/oauth2/google, which would bring the client of
// the cloud's metadata server into the house.
func parseKey(secret config.Secret) (*serviceKey, []string) {
	var file struct {
		Type         string `json:"type"`
		ClientEmail  string `json:"client_email"`
		PrivateKey   string `json:"private_key"`
		PrivateKeyID string `json:"private_key_id"`
		TokenURI     string `json:"token_uri"`
	}
	if json.Unmarshal([]byte(secret.Reveal()), &file) != nil {
		return nil, []string{"is not the JSON key of a service account"}
	}
	if file.Type != "service_account" {
		return nil, []string{`is JSON, but not the key of a service account: its "type" must be "service_account"`}
	}
	key := &serviceKey{id: file.PrivateKeyID, email: file.ClientEmail, tokenURL: file.TokenURI}
	var wrong []string
	if key.email == "" {
		wrong = append(wrong, `has no "client_email"`)
	}
	if key.tokenURL == "" {
		key.tokenURL = googleToken
	}
	if !safeAddress(key.tokenURL) {
		wrong = append(wrong, `has a "token_uri" that is not an https address`)
	}
	if problem := wrongPrivateKey(file.PrivateKey); problem != "" {
		wrong = append(wrong, problem)
	}
	key.private = file.PrivateKey
	return key, wrong
}

// wrongPrivateKey says what is wrong with the PEM text of an RSA key that must
// be able to sign; empty if nothing is.
func wrongPrivateKey(text string) string {
	if text == "" {
		return `has no "private_key"`
	}
	const unusable = `has a "private_key" that cannot be used: it must be an RSA key in PEM form`
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return unusable
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return unusable
	}
	if private.Validate() != nil || private.N.BitLen() < 2048 {
		return `has a "private_key" that is weak or damaged: make a new key of 2048 bits`
	}
	return ""
}
