//! What calls and tests prove: guards of libraries, values that stand for a user, comparisons with them.

use super::*;

impl<'a> Machine<'a> {
    /// The request changes nothing and has no body.
    pub fn only_reads(&self) -> bool {
        let method = self.route.as_ref().and_then(|it| it.method.as_deref());
        method.is_some_and(|it| READS.contains(&it) || it == "DELETE")
    }

    /// Whether the client says which records are read or changed.
    pub fn picks_records(&self, effects: &[Effect]) -> bool {
        let chosen = ["http.params", "http.query", "http.body", "http.validated"].map(Machine::source_kind);
        let is_chosen =
            |it: &super::super::value::OriginId| chosen.iter().any(|kind| self.origins[it.0 as usize].kind.is_a(*kind));
        let touches = |it: &&Effect| {
            matches!(it.kind, crate::flow::effects::EffectKind::Read | crate::flow::effects::EffectKind::Write)
        };
        effects.iter().filter(touches).any(|it| it.given.iter().any(is_chosen))
    }

    /// Guards that the handler is exempt from prove nothing for it.
    pub fn exempt_handler(&mut self, value: &Value) {
        let is_exempt = self.has_kind(&value.labels, "exempt.csrf") || self.exempt_functions(value);
        if is_exempt {
            self.revoke(Proof::Csrf);
        }
    }

    /// Where something decorates the function that nobody can look into, and that may be a guard.
    pub fn unseen_guard(&self, value: &Value) -> Option<Place> {
        let kind = Machine::source_kind("unseen-guard");
        let origin = value.labels.iter().map(|it| self.origins[it.origin.0 as usize]).find(|it| it.kind == kind);
        origin.map(|it| it.place)
    }

    pub(super) fn exempt_functions(&self, value: &Value) -> bool {
        value.atoms().iter().any(|it| match it {
            Atom::Bound(bound) => self.exempt_functions(&bound.function),
            it => self.exempt.contains(it),
        })
    }

    pub fn set_around(&mut self, name: Option<Sym>) {
        if let Some(route) = &mut self.route {
            route.around = name;
        }
    }

    /// A guard that is called with a function, or decorates one, gives that function, guarded.
    pub(in crate::flow) fn guarded_by(&mut self, function: &Value, result: Value, call: &Call) -> Value {
        if function.labels.is_empty() {
            return result;
        }
        let labels = self.guard_labels(&function.labels);
        if labels.is_empty() {
            return result;
        }
        let given = call.args.value(0);
        let is_only = call.args.positional.len() == 1;
        let is_handler = is_function(&given) || is_only && matches!(given.single(), Some(Atom::Lib(_)));
        match is_handler {
            true => given.adding(&labels),
            // A guard that is made of another one.
            false => result.adding(&labels),
        }
    }

    /// What a call gives that makes a guard, or verifies a credential, says so by its labels.
    pub(in crate::flow) fn marked_as_guard(&mut self, rows: &Rows<'a>, value: Value, call: &Call) -> Value {
        let mut value = value;
        for row in &rows.calls {
            let is_cookie = |it: &(String, Constant)| it.0 == "scheme" && it.1 == Constant::Text("cookie".into());
            let kind = match row.kind.name() {
                "auth-guard" if row.constants.iter().any(is_cookie) => "guard.auth.cookie",
                "auth-guard" => "guard.auth",
                "rate-limit" => "guard.rate-limit",
                "csrf-guard" => "guard.csrf",
                "validate" => "guard.validation",
                "csrf-off" => "exempt.csrf",
                "jwt-verify" => "principal",
                "compare-digest" => "compared",
                "pass-through" | "session-config" | "cors" | "body-parser" | "static-files" | "upload" => "guard.none",
                _ => continue,
            };
            if !self.conditions_hold(&row.origin.when, &row.origin.unless, call) {
                continue;
            }
            if kind == "compared" {
                if self.compares_credential(row, call) {
                    // It is true where the credential is the right one.
                    let labels = self.source(Machine::source_kind("principal"), call.place, row.guess);
                    value = value.adding(&labels);
                }
                continue;
            }
            if kind == "principal" {
                let calls_back = call.args.positional.iter().any(|it| is_function(&it.0));
                if calls_back || row.constants.iter().any(|it| it.0 == "verify") || self.verifies_nothing(row, call) {
                    continue;
                }
                self.establish(Proof::Auth, call.place);
            }
            let labels = self.source(Machine::source_kind(kind), call.place, row.guess);
            if kind == "guard.none" {
                value = value.adding(&labels);
                continue;
            }
            let given = call.args.value(0);
            if kind == "exempt.csrf" {
                let kept = |it: &&Atom| matches!(it, Atom::Closure(_) | Atom::Object(_));
                self.exempt.extend(given.atoms().iter().filter(kept).cloned());
            }
            value = if is_function(&given) && !is_function(&value) { given } else { value };
            value = value.adding(&labels);
        }
        value
    }

    pub(super) fn establish_principal(&mut self, labels: &Labels, place: Place) {
        self.establish(Proof::Auth, place);
        if self.has_kind(labels, "principal.session") {
            self.note_cookie();
        }
    }

    pub(super) fn note_cookie(&mut self) {
        if let Some(route) = &mut self.route {
            route.by_cookie = true;
        }
    }

    /// What is compared with the user is more than the user: a record, or what the request names.
    pub(super) fn is_somebody_elses(&self, own: &Labels, other: &Labels) -> bool {
        if !self.has_kind(other, "principal") {
            return true;
        }
        let chosen = ["http.params", "http.query", "http.body", "http.validated"].map(Machine::source_kind);
        other.iter().any(|it| {
            let kind = self.origins[it.origin.0 as usize].kind;
            chosen.iter().any(|it| kind.is_a(*it)) && !own.iter().any(|own| own.origin == it.origin)
        })
    }

    pub(super) fn labelled(&self, labels: &Labels, kind: KindId) -> bool {
        labels.iter().any(|it| self.origins[it.origin.0 as usize].kind == kind)
    }

    /// A token is only read: the call is told not to verify it.
    pub(super) fn verifies_nothing(&mut self, row: &CallRow, call: &Call) -> bool {
        let Some((_, at)) = row.args.iter().find(|it| it.0 == "verify") else { return false };
        self.operand(at, call).is_some_and(|it| matches!(it.single(), Some(Atom::Bool(false))))
    }

    /// What the client sends is compared with a secret.
    pub(super) fn compares_credential(&mut self, row: &CallRow, call: &Call) -> bool {
        let [left, right] = ["left", "right"].map(|side| {
            let at = row.args.iter().find(|it| it.0 == side).map(|it| it.1.clone());
            at.and_then(|it| self.operand(&it, call)).unwrap_or_default()
        });
        self.is_credential(&left, &right) || self.is_credential(&right, &left)
    }

    pub(super) fn is_credential(&self, sent: &Value, known: &Value) -> bool {
        let is_sent = self.has_kind(&sent.labels, "http.headers") || self.has_kind(&sent.labels, "http.cookies");
        is_sent && (self.has_kind(&known.labels, "env") || self.has_kind(&known.labels, "secret"))
    }

    pub(super) fn has_kind(&self, labels: &Labels, kind: &str) -> bool {
        let kind = Machine::source_kind(kind);
        labels.iter().any(|it| self.origins[it.origin.0 as usize].kind.is_a(kind))
    }

    /// A tested value is true (or false): one that stands for the authenticated user proves who asks.
    pub(in crate::flow) fn establish_truth(&mut self, expr: ExprId, truth: bool) {
        if self.route.is_none() {
            return;
        }
        let value = self.tested_value(expr);
        if value.labels.is_empty() {
            return;
        }
        let place = self.place_of(expr);
        for proof in Proof::ALL {
            if self.labelled(&value.labels, proof.tested_kind()) {
                if truth { self.establish(proof, place) } else { self.fail(proof, place) }
            }
            if truth && self.labelled(&value.labels, proof.shown_kind()) {
                self.establish(proof, place);
            }
        }
        if truth && self.has_kind(&value.labels, "principal") {
            self.establish_principal(&value.labels, place);
            if self.has_kind(&value.labels, "principal.role") || self.names_a_role(expr) {
                self.establish(Proof::Role, place);
            }
        }
        if !truth && self.has_kind(&value.labels, "auth-failure") {
            self.establish(Proof::Auth, place);
        }
    }

    /// The value of a tested expression, results of calls included.
    pub(in crate::flow) fn tested_value(&mut self, expr: ExprId) -> Value {
        if let Some(test) = self.frame().tests.iter().rev().find(|it| it.expr == expr) {
            return test.result.clone();
        }
        match self.ir().expr(expr) {
            Expr::Const(_) => self.eval(expr),
            _ => self.peek(expr),
        }
    }

    /// A tested value is one of a container's.
    pub(in crate::flow) fn establish_member(&mut self, element: ExprId) {
        if self.route.is_none() {
            return;
        }
        let value = self.tested_value(element);
        if self.has_kind(&value.labels, "principal") && self.names_a_role(element) {
            let place = self.place_of(element);
            self.establish_principal(&value.labels, place);
            self.establish(Proof::Role, place);
        }
    }

    /// The session holds something: somebody is logged in.
    pub(in crate::flow) fn establish_contains(&mut self, container: ExprId, value: &Value) {
        if self.route.is_some() && self.has_kind(&value.labels, "principal") {
            let place = self.place_of(container);
            self.establish_principal(&value.labels, place);
            if self.names_a_role(container) {
                self.establish(Proof::Role, place);
            }
        }
    }

    /// Whether what is read has the name of a role or permission.
    pub(super) fn names_a_role(&self, expr: ExprId) -> bool {
        let ir = self.ir();
        let name = match ir.expr(expr) {
            Expr::Member { name, .. } => name,
            Expr::Var(var) => ir.var(var).name,
            Expr::Index { index, .. } => match ir.expr(index) {
                Expr::Const(Const::Text(name)) => name,
                _ => return false,
            },
            Expr::Call { callee, args, .. } => {
                let key = ir.arg_list(args).first().map(|it| ir.expr(it.value));
                match (ir.expr(callee), key) {
                    // `user.get("role")`
                    (_, Some(Expr::Const(Const::Text(key)))) if names::mentions("role-word", ir.name(key)) => key,
                    (Expr::Member { name, .. }, _) => name,
                    _ => return false,
                }
            }
            _ => return false,
        };
        names::mentions("role-word", ir.name(name))
    }

    /// Two tested values are equal.
    pub(in crate::flow) fn establish_equal(&mut self, left: ExprId, right: ExprId) {
        if self.route.is_none() {
            return;
        }
        let (a, b) = (self.tested_value(left), self.tested_value(right));
        let is_nothing = |it: &Value| {
            let nothing = |it: &Atom| matches!(it, Atom::Null | Atom::Undefined | Atom::Bool(false));
            !it.is_absent() && it.atoms().iter().all(nothing)
        };
        if is_nothing(&a) || is_nothing(&b) {
            // Nobody is there.
            return;
        }
        let place = self.place_of(left);
        for (one, other) in [(&a, &b), (&b, &a)] {
            if self.has_kind(&one.labels, "principal") {
                self.establish_principal(&one.labels, place);
                let constant = other.labels.is_empty() && other.is_constant();
                if constant && (self.names_a_role(left) || self.names_a_role(right)) {
                    self.establish(Proof::Role, place);
                } else if !constant && self.is_somebody_elses(&one.labels, &other.labels) {
                    self.establish(Proof::Ownership, place);
                }
            }
            if self.is_credential(one, other) {
                self.establish(Proof::Auth, place);
            }
        }
    }

    /// `next()`: the next function of the chain runs from this state; `next(error)` refuses.
    pub(in crate::flow) fn go_on(&mut self, row: &crate::model::rows::CallRow, call: &Call) {
        let error = row.args.iter().find(|it| it.0 == "error").and_then(|it| self.operand(&it.1, call));
        let refused = error.is_some_and(|it| !it.atoms().iter().all(|it| matches!(it, Atom::Undefined | Atom::Null)));
        if !refused {
            self.continue_from_here();
        }
    }

    /// `return` of the function of the chain that runs.
    pub(in crate::flow) fn note_return(&mut self, value: &Value, place: Place) {
        if !self.is_outermost() {
            return;
        }
        let nothing = value.atoms().iter().any(|it| matches!(it, Atom::Undefined | Atom::Null));
        let Some(route) = &self.route else { return };
        let goes_on = match route.goes_on {
            GoesOn::Next => None,
            GoesOn::Nothing => Some(nothing),
            GoesOn::True | GoesOn::Returns => Some(true),
        };
        if let Some(goes_on) = goes_on {
            if goes_on && !self.is_refusal() {
                self.continue_from_here();
            }
            return;
        }
        if !route.answers {
            return;
        }
        let status = value.object().and_then(|it| self.heap.known_elements(it));
        let status = status.and_then(|it| it.iter().skip(1).find_map(|it| it.as_number()));
        if status.is_none_or(|it| it < FIRST_REFUSAL) {
            self.note_answer(value, place);
        }
    }
}
