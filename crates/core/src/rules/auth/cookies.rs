//! What the rules about cookies share: which cookies matter, and whether a flag is off.

use crate::Place;
use crate::finding::{Finding, Profile, Severity};
use crate::flow::events::Fact;
use crate::model::rows::Constant;
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext, quote};

/// How the flags are spelled; only to find the smallest place to show.
pub(super) const HTTPONLY: &[&str] = &["httpOnly", "httponly", "http_only", "isHttpOnly", "SESSION_COOKIE_HTTPONLY"];
pub(super) const SECURE: &[&str] = &["secure", "isSecure", "https_only", "SESSION_COOKIE_SECURE"];
pub(super) const SAMESITE: &[&str] = &["sameSite", "samesite", "same_site", "isSameSite", "SESSION_COOKIE_SAMESITE"];

pub(super) struct Cookie<'a> {
    pub call: Call<'a>,
    name: Option<String>,
    is_session: bool,
    pub is_login: bool,
}

/// Cookies and session settings that are not for tests or development.
pub(super) fn all<'a>(cx: &RuleContext<'a>) -> Vec<Cookie<'a>> {
    let mut found = Vec::new();
    for call in cx.calls("session-config") {
        found.push(Cookie { call, name: None, is_session: true, is_login: true });
    }
    for call in cx.calls("cookie") {
        let name = call.role("name");
        let name = match (name.text(), name.place) {
            (Some(text), _) => text.to_owned(),
            (None, Some(place)) => cx.text(place).to_owned(),
            (None, None) => String::new(),
        };
        if names::mentions("cookie-readable", &name) || is_removal(&call) {
            continue;
        }
        if names::mentions("cookie-harmless", &name) && !names::is_login_cookie(&name) {
            continue;
        }
        let value = call.role("value");
        let by_value =
            value.place.is_some_and(|it| cx.mentions(it).iter().any(|it| names::credential(&it.name).is_some()));
        let is_login = names::is_login_cookie(&name) || by_value;
        found.push(Cookie { call, name: Some(name), is_session: false, is_login });
    }
    found.retain(|it| !cx.is_for_development(it.call.call.place));
    found
}

/// A cookie that is set to nothing carries nothing.
fn is_removal(call: &Call<'_>) -> bool {
    call.role("value").text().is_some_and(str::is_empty)
}

impl Cookie<'_> {
    pub fn subject(&self) -> String {
        match &self.name {
            None => "the session cookie".to_owned(),
            Some(name) => format!("the cookie `{}`", quote(name)),
        }
    }

    /// Where the flag is off: said to be, or left out where the library's default is off.
    pub fn off(&self, role: &str, cx: &RuleContext<'_>, names: &[&str]) -> Option<Place> {
        let flag = self.call.event.role(role)?;
        if !matches!(flag.constant(), Some(Constant::Bool(false) | Constant::Null)) {
            return None;
        }
        match flag.place {
            Some(_) => Some(cx.place_of(&self.call, role, names)),
            None => self.options_are_known().then_some(self.call.callee.place),
        }
    }

    /// Whether nothing is said of the flag.
    pub fn lacks(&self, role: &str) -> bool {
        !self.is_session && self.call.event.role(role).is_some_and(|it| it.is_absent()) && self.options_are_known()
    }

    fn options_are_known(&self) -> bool {
        match self.call.event.role("options").map(|it| &it.fact) {
            None | Some(Fact::Absent | Fact::Object { complete: true, .. }) => true,
            Some(_) => false,
        }
    }

    /// A cookie whose name says nothing may hold anything; that a flag was switched off is said whatever it holds.
    pub fn finding(&self, rule: &'static Rule, role: &str, place: Place, message: String) -> Finding {
        let finding = Finding::new(rule, place, message);
        let is_explicit = self.call.event.role(role).is_some_and(|it| it.place.is_some());
        match (self.is_login, is_explicit || role == "secure") {
            (true, _) => finding,
            (false, true) => finding.severity(Severity::Low),
            (false, false) => finding.severity(Severity::Low).profile(Profile::Strict),
        }
    }
}
