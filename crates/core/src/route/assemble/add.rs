//! What single registrations add: links of a chain, mounted routers, routes.

use super::*;

impl Assembly<'_, '_> {
    /// Settings that are assigned again hold what was assigned last.
    pub(super) fn without_overwritten(&self, own: Vec<usize>) -> Vec<usize> {
        let is_last = |at: usize, index: usize| {
            let row = self.log[index].row;
            !row.is_assigned || !own[at + 1..].iter().any(|it| std::ptr::eq(self.log[*it].row, row))
        };
        own.iter().enumerate().filter(|(at, index)| is_last(*at, **index)).map(|it| *it.1).collect()
    }

    pub(super) fn paths_of(&mut self, registration: &Registration<'_>) -> Vec<String> {
        let Some(path) = &registration.path else { return Vec::new() };
        let found = texts(self.machine, path).into_iter().map(|it| it.unwrap_or_else(|| UNKNOWN.to_owned()));
        match registration.row.is_pattern {
            true => found.map(|it| from_pattern(&it)).collect(),
            false => found.collect(),
        }
    }

    /// A prefix is what is known of it: a default rather than what the environment says. Of a list, it is each.
    pub(super) fn prefixes_of(&mut self, registration: &Registration<'_>) -> Vec<String> {
        let Some(path) = registration.path.clone() else { return Vec::new() };
        let is_list = path.object().is_some();
        let found = texts(self.machine, &path);
        let known: Vec<String> = found.iter().flatten().cloned().collect();
        match (known.is_empty(), is_list) {
            (true, _) => found.first().map(|_| UNKNOWN.to_owned()).into_iter().collect(),
            (false, true) => known,
            (false, false) => known.into_iter().take(1).collect(),
        }
    }

    pub(super) fn exempting_link(&self, path: &str) -> Link {
        let place = crate::Place { file: FileId(0), span: Default::default() };
        let kinds = Proof::Csrf.kind();
        Link { work: Work::Exempts(vec![kinds]), ..Link::new(Handler::default_of(place), path) }
    }

    pub(super) fn add_links(&mut self, registration: &Registration<'_>, context: &Context, chain: &mut Vec<Link>) {
        // Paths that are excepted from a base are below it in name only.
        // So are those of versions, which stand between the base and the prefix.
        let is_below = context.except.is_empty() && context.version_prefix.is_none();
        let path = if is_below { join(&context.base, &context.prefix) } else { String::new() };
        for guard in &registration.guards {
            chain.push(guard_link(guard, &path));
        }
        chain.extend(proving(registration, &path));
        if !registration.row.proves.is_empty() {
            let work = Work::Proves(registration.row.proves.clone());
            let link = Link::new(Handler::default_of(registration.place), &path);
            chain.push(Link { work, is_conditional: registration.is_conditional, ..link });
            return;
        }
        if registration.row.verb == Verb::Prefix {
            return;
        }
        let except = patterns(self.machine, &registration.except, "");
        for handler in self.single_handlers(registration) {
            let work = self.work_of(registration);
            chain.push(Link { work, except: except.clone(), ..described(registration, handler, &path) });
        }
    }

    pub(super) fn work_of(&mut self, registration: &Registration<'_>) -> Work {
        let row = registration.row;
        if row.made_with.is_empty() {
            return Work::Function;
        }
        let language = self.machine.language_of(registration.place.file);
        let hooks = row.hooks.iter().map(|it| self.machine.intern(it)).collect();
        let kept_as = row.kept_as.as_ref().map(|it| self.machine.intern(it));
        let with = self.machine.param_states(language, &row.made_with);
        Work::Middleware(Maker { with, kept_as, hooks })
    }

    /// Handlers of a registration, lists taken apart.
    pub(super) fn single_handlers(&mut self, registration: &Registration<'_>) -> Vec<Handler> {
        let mut found = Vec::new();
        for handler in &registration.handlers {
            for value in self.spread_out(&handler.value, registration) {
                found.push(Handler { value, ..handler.clone() });
            }
        }
        found
    }

    /// Functions that stand before what comes after them, and routers that answer below a path.
    pub(super) fn add_uses(&mut self, registration: &Registration<'_>, context: &Context, chain: &mut Vec<Link>) {
        let given = registration.path.as_ref().filter(|it| is_path(self.machine, it));
        let mut paths = if given.is_some() { self.paths_of(registration) } else { Vec::new() };
        let names_path = given.is_some();
        if paths.is_empty() {
            paths.push(String::new());
        }
        let mut guards = Vec::new();
        for guard in &registration.guards {
            guards.push(guard_link(guard, &join(&context.base, &context.prefix)));
        }
        let except = patterns(self.machine, &registration.except, &context.prefix);
        for path in paths {
            let full = joined(registration.row, &context.prefix, &path);
            let before = chain.len();
            chain.extend(guards.iter().cloned());
            let mut mounts = 0;
            for (index, handler) in self.single_handlers(registration).into_iter().enumerate() {
                if index == 0 && names_path && is_path(self.machine, &handler.value) {
                    continue;
                }
                match self.router(&handler.value) {
                    Some(child) if registration.row.overrides_prefix && names_path => {
                        mounts += 1;
                        self.walk(child, context, Some(&path), chain);
                    }
                    Some(child) => {
                        mounts += 1;
                        let inner = Context { prefix: full.clone(), ..context.clone() };
                        let added = self.walk(child, &inner, None, chain);
                        if registration.row.merges {
                            chain.extend(added);
                        }
                    }
                    None if registration.row.is_assigned && registration.row.verb == Verb::Mount => {}
                    // What a model knows says itself what it puts in front.
                    None if registration.row.verb == Verb::Mount && is_known(&handler.value) => {}
                    None => chain.push(Link {
                        work: self.work_of(registration),
                        except: except.clone(),
                        ..described(registration, handler, &join(&context.base, &full))
                    }),
                }
            }
            if mounts > 0 && registration.row.verb == Verb::Mount && !registration.row.merges {
                chain.truncate(before);
            }
        }
    }

    pub(super) fn add_routes(&mut self, registration: &Registration<'_>, context: &Context, chain: &mut Vec<Link>) {
        let mut paths = self.paths_of(registration);
        if paths.is_empty() {
            paths.push(String::new());
        }
        let handlers = self.single_handlers(registration);
        if handlers.is_empty() {
            return;
        }
        let mut versions = context.versions.clone();
        let mut extra = Vec::new();
        let decorating: Vec<usize> = handlers.iter().flat_map(|it| self.decorating(&it.value)).collect();
        for index in decorating {
            let registration = Rc::clone(&self.log[index]);
            if let (Verb::Version, Some(version)) = (registration.row.verb, &registration.version) {
                versions = texts(self.machine, version).into_iter().flatten().collect();
            }
            if registration.row.verb == Verb::Hook {
                self.add_links(&registration, &Context::default(), &mut extra);
            }
        }
        for path in paths {
            let below = joined(registration.row, &context.prefix, &path);
            // What includes others is no route itself.
            let children: Vec<Owner> = handlers.iter().filter_map(|it| self.router(&it.value)).collect();
            if !children.is_empty() && !registration.row.of_class {
                let mut links: Vec<Link> =
                    chain.iter().filter_map(|it| before(it, &below, &registration.methods, &[])).collect();
                for guard in &registration.guards {
                    links.push(guard_link(guard, &below));
                }
                for child in children {
                    self.walk(child, &Context { prefix: below.clone(), ..context.clone() }, None, &mut links);
                }
                continue;
            }
            self.mount = join(&context.base, &context.prefix);
            for path in self.full_paths(&below, &registration.methods, context, &versions) {
                self.add_route(registration, path, &handlers, &extra, chain);
            }
        }
    }

    pub(super) fn add_route(
        &mut self,
        registration: &Registration<'_>,
        path: String,
        handlers: &[Handler],
        extra: &[Link],
        chain: &mut Vec<Link>,
    ) {
        let methods = &registration.methods;
        let classes = self.open_classes();
        let mut links: Vec<Link> = chain.iter().filter_map(|it| before(it, &path, methods, &classes)).collect();
        for guard in &registration.guards {
            links.push(guard_link(guard, &path));
        }
        links.extend(extra.iter().cloned());
        links.extend(proving(registration, &path));
        links.retain(|it| !is_lifted(it, registration));
        let own: Vec<Link> = handlers.iter().map(|it| described(registration, it.clone(), &path)).collect();
        let own: Vec<Link> = own.into_iter().map(|it| Link { mount: self.mount.clone(), ..it }).collect();
        links.extend(own.iter().map(|it| Link { late: u32::MAX, ..it.clone() }));
        let last = links.pop();
        links.sort_by_key(|it| (it.stage, it.late));
        links.extend(last);
        // What goes on is run before routes of the same path that come later.
        let may_be_another = (is_open(&path) || methods.is_empty()) && registration.listed.is_none();
        if may_be_another && registration.row.stages.is_empty() && !registration.row.of_class {
            chain.extend(own.into_iter().map(|it| Link {
                methods: methods.clone(),
                covers: Covers::Exactly,
                is_route: true,
                ..it
            }));
        }
        self.add_answers(registration, path, links);
    }

    pub(super) fn open_classes(&self) -> Vec<ObjectId> {
        self.open.iter().filter_map(|it| if let Owner::Router(id) = it { Some(*id) } else { None }).collect()
    }

    /// The full paths of a route: behind the base and each version, or excepted from the base.
    pub(super) fn full_paths(
        &self,
        below: &str,
        methods: &[String],
        context: &Context,
        versions: &[String],
    ) -> Vec<String> {
        let is_excepted = context.except.iter().any(|it| is_of(it, below, methods));
        let base = if is_excepted { "" } else { context.base.as_str() };
        match &context.version_prefix {
            Some(prefix) if !versions.is_empty() => {
                let version = |it: &String| if it.is_empty() { String::new() } else { format!("{prefix}{it}") };
                versions.iter().take(PREFIXES_MAX).map(|it| join(&join(base, &version(it)), below)).collect()
            }
            _ => vec![join(base, below)],
        }
    }

    /// What decorates the function that a handler is.
    pub(super) fn decorating(&self, value: &Value) -> Vec<usize> {
        let object = match value.single() {
            Some(Atom::Closure(id)) => self.machine.closures[id.0 as usize].object,
            _ => None,
        };
        object.and_then(|it| self.by_owner.get(&Owner::Router(it))).cloned().unwrap_or_default()
    }

    /// A route for each method that the handler answers; a class answers by its methods.
    pub(super) fn add_answers(&mut self, registration: &Registration<'_>, path: String, links: Vec<Link>) {
        let answers = classes::answers(self, registration, &path, &links);
        let answers = answers.unwrap_or_else(|| {
            let methods = self.restricted(registration, &links);
            let links = self.with_guards_of_function(links.clone());
            match methods.is_empty() {
                true => vec![Answer { method: None, path: path.clone(), links: links.clone() }],
                false => {
                    let of =
                        |it: &String| Answer { method: Some(it.clone()), path: path.clone(), links: links.clone() };
                    methods.iter().map(of).collect()
                }
            }
        });
        for answer in answers {
            if self.routes.len() >= ROUTES_MAX {
                return;
            }
            if self.met.often(self.likeness(registration, &answer)) {
                continue;
            }
            self.routes.push(Route {
                methods: answer.method.into_iter().collect(),
                path: answer.path,
                place: registration.place,
                library: registration.row.library.clone(),
                handler: None,
                proofs: Vec::new(),
                effects: Vec::new(),
                by_cookie: false,
                unknown: Vec::new(),
                doubts: Vec::new(),
                sometimes: Vec::new(),
                picks_records: false,
                chain: answer.links,
                class: self.open_classes().last().copied(),
            });
        }
    }

    /// The links with what decorators of the handler say that stands before it.
    pub(super) fn with_guards_of_function(&mut self, links: Vec<Link>) -> Vec<Link> {
        let mut links = links;
        let Some(mut last) = links.pop() else { return links };
        let mut guards = Vec::new();
        let mut default_guards = Vec::new();
        for atom in last.handler.value.atoms().to_vec() {
            let Atom::Closure(id) = atom else { continue };
            for index in self.of_function.get(&id).cloned().unwrap_or_default() {
                let it = Rc::clone(&self.log[index]);
                default_guards.extend((!it.row.default_guards.is_empty()).then_some(it.row));
                guards.extend(it.guards.iter().map(|guard| guard.value.clone()));
                if let Some(handler) = it.handlers.first().filter(|it| !it.params.is_empty()) {
                    last.handler.params = handler.params.clone();
                }
                if !it.row.exempt.is_empty() {
                    links.push(Link { work: Work::Exempts(it.row.exempt.clone()), ..last.clone() });
                }
            }
        }
        if guards.is_empty() {
            let file = last.handler.place.file;
            guards.extend(default_guards.iter().filter_map(|it| self.machine.setting(&it.default_guards, file)));
        }
        for value in guards {
            links.push(Link { work: Work::Guards(value), ..last.clone() });
        }
        links.push(last);
        links
    }

    /// Equal for routes that the same code registers behind functions that are alike.
    pub(super) fn likeness(&self, registration: &Registration<'_>, answer: &Answer) -> u64 {
        let mut hasher = FxHasher::default();
        (registration.place, &answer.method, &answer.path).hash(&mut hasher);
        for link in &answer.links {
            (self.machine.likeness(&link.handler.value), link.handler.place, link.is_conditional).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The methods that a handler answers: where it is registered, and what its decorators say.
    pub(super) fn restricted(&self, registration: &Registration<'_>, links: &[Link]) -> Vec<String> {
        let mut methods = registration.methods.clone();
        for atom in links.last().iter().flat_map(|it| it.handler.value.atoms()) {
            let Atom::Closure(id) = atom else { continue };
            for index in self.of_function.get(id).into_iter().flatten() {
                let it = &self.log[*index];
                if it.row.verb == Verb::Restrict && !it.methods.is_empty() {
                    match methods.is_empty() {
                        true => methods = it.methods.clone(),
                        false => methods.retain(|method| it.methods.contains(method)),
                    }
                }
            }
        }
        methods
    }
}
