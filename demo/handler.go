package demo

import (
	"net/http"
	"net/url"
)

// Handler serves what a demo has besides the service, below /demo/: the issuer,
// and the switch between people, which is an ordinary sign-in as somebody else.
func (d *Doors) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(IssuerPath+"/", d.issuer)
	mux.HandleFunc("POST /demo/as", func(w http.ResponseWriter, r *http.Request) {
		email := r.PostFormValue("email")
		if _, known := Find(email); !known {
			http.Error(w, "The demo has no such person.", http.StatusBadRequest)
			return
		}
		to := url.Values{"login_hint": {email}, "return": {r.PostFormValue("return")}}
		http.Redirect(w, r, "/login?"+to.Encode(), http.StatusSeeOther)
	})
	return mux
}
