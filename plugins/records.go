package plugins

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// MaxRecords is the most records of one page that are read: [MaxAnswer] bounds
// the bytes, but a list of millions of empty records takes many times as much
// memory as its text. Vendors send two thousand at most.
const MaxRecords = 10_000

// Records is the list of records on a page of a vendor's answer, each left as
// it came, so that a broken one does not cost the others. It is nil where the
// answer has null or no list. A list of more than [MaxRecords] is [ErrGarbled].
type Records []json.RawMessage

// UnmarshalJSON reads the list record by record and stops at the bound.
func (r *Records) UnmarshalJSON(data []byte) error {
	*r = nil
	decoder := json.NewDecoder(bytes.NewReader(data))
	first, err := decoder.Token()
	if err != nil || first == nil {
		return err
	}
	if first != json.Delim('[') {
		return &json.UnmarshalTypeError{Value: kindOf(first), Type: reflect.TypeFor[Records](), Offset: decoder.InputOffset()}
	}
	list := Records{}
	for decoder.More() {
		if len(list) == MaxRecords {
			return fmt.Errorf("%w: more than %d records on one page", ErrGarbled, MaxRecords)
		}
		var record json.RawMessage
		if err := decoder.Decode(&record); err != nil {
			return err
		}
		list = append(list, record)
	}
	*r = list
	return nil
}

// kindOf names a value by its first token, as package json does in its errors.
func kindOf(token json.Token) string {
	switch token.(type) {
	case json.Delim:
		return "object"
	case string:
		return "string"
	case bool:
		return "bool"
	}
	return "number"
}
