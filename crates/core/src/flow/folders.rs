//! Plugins: functions that register on an app of their own, or on the one that they are given to, one by one or as the
//! files of a folder.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::registrations::Handler;
use super::value::{Atom, ObjectId, Piece, Value};
use crate::model::State;
use crate::model::rows::{RouteRow, Verb};

/// Folders inside one another.
const DEPTH_MAX: u32 = 8;
/// Files of one folder that are loaded.
const FILES_MAX: usize = 200;

/// A folder whose files are loaded.
#[derive(Clone, Debug)]
struct Folder {
    path: String,
    prefix: String,
    /// The app that its files register on.
    scope: Value,
    cascades: bool,
    depth: u32,
}

impl<'a> Machine<'a> {
    /// The function registers on the app that it is given to.
    pub(super) fn share_scope(&mut self, function: &Value) {
        if let Some(Atom::Closure(id)) = function.single() {
            let holder = self.closure_object(*id);
            let key = self.scope_key();
            self.set_field(holder, key, Value::bool(true));
        }
    }

    pub(super) fn shares_scope(&mut self, function: &Value) -> bool {
        let key = self.scope_key();
        match function.single() {
            Some(Atom::Closure(id)) => {
                let holder = self.closures[id.0 as usize].object;
                holder.is_some_and(|it| self.heap.field(it, key).is_some())
            }
            _ => false,
        }
    }

    /// A name that no code has.
    fn scope_key(&mut self) -> Key {
        self.name_key("\u{1}shares the scope")
    }

    /// Of a module that is mounted, what it exports.
    pub(super) fn plugin_of(&mut self, row: &RouteRow, value: Value) -> Value {
        let is_module = value.object().is_some_and(|it| self.heap.object(it).kind == ObjectKind::Namespace);
        if row.verb != Verb::Mount || !is_module {
            return value;
        }
        let name = self.intern("default");
        let place = self.here();
        let exported = self.member(&value, name, None, place);
        if super::guards::is_function(&exported) { exported } else { value }
    }

    /// Objects of a type have a member more.
    pub(super) fn extend_type(&mut self, row: &RouteRow, call: &Call) {
        let language = self.language();
        let states = self.param_states(language, &row.params);
        let name = row.path.as_ref().and_then(|it| self.operand(it, call)).and_then(|it| it.text());
        let value = row.handler.first().and_then(|it| self.operand(it, call));
        if let (Some(Some(state)), Some(name), Some(value), false) = (states.first(), name, value, self.is_set_up) {
            self.extensions.push((*state, name, value));
        }
    }

    /// Every file of a folder is a plugin.
    pub(super) fn plug_folder(&mut self, state: State, row: &'a RouteRow, call: &Call) {
        if self.is_set_up {
            return;
        }
        let folder = row.folder.as_ref().and_then(|it| self.operand(it, call));
        let Some(path) = folder.and_then(|it| self.folder_path(&it, call)) else { return };
        let prefix = row.path.as_ref().and_then(|it| self.operand(it, call)).and_then(|it| it.text());
        let prefix = prefix.map(|it| self.text(it).to_string()).unwrap_or_default();
        let cascades = row.cascades.as_ref().and_then(|it| self.operand(it, call));
        let cascades = cascades.is_some_and(|it| it.single() == Some(&Atom::Bool(true)));
        let scope = call.this.clone();
        self.plug_files(state, row, call, &Folder { path, prefix, scope, cascades, depth: 0 });
    }

    /// The folder of the project that a path names: what nobody knows in front is where the file is.
    fn folder_path(&mut self, value: &Value, call: &Call) -> Option<String> {
        let relative = match value.single()? {
            Atom::Text(sym) => self.text(*sym).to_string(),
            Atom::Shape(pieces) => match &pieces[..] {
                [Piece::Hole { .. }, Piece::Literal(sym)] => self.text(*sym).to_string(),
                _ => return None,
            },
            _ => return None,
        };
        let module = self.modules.iter().find(|it| it.file == call.place.file)?;
        let mut parts: Vec<&str> = module.path.split('/').collect();
        parts.pop();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    fn plug_files(&mut self, state: State, row: &'a RouteRow, call: &Call, folder: &Folder) {
        if folder.depth >= DEPTH_MAX {
            return;
        }
        let (files, inner) = self.files_in(&folder.path);
        let hooks = files.iter().find(|it| row.hooks_file.as_deref() == Some(stem(self.modules[**it as usize].path)));
        let scope = match hooks {
            Some(hooks) => self.hooked_scope(row, call, &folder.scope, *hooks),
            None => folder.scope.clone(),
        };
        let index = files.iter().find(|it| stem(self.modules[**it as usize].path) == "index");
        for module in index.map_or(files.as_slice(), std::slice::from_ref) {
            if hooks != Some(module) {
                self.plug_file(state, call, &scope, *module, &folder.prefix);
            }
        }
        for name in inner {
            let prefix = format!("{}/{name}", folder.prefix);
            let scope = if folder.cascades { scope.clone() } else { folder.scope.clone() };
            let path = format!("{}/{name}", folder.path);
            self.plug_files(state, row, call, &Folder { path, prefix, scope, depth: folder.depth + 1, ..*folder });
        }
    }

    /// The modules of a folder, and the names of the folders in it.
    fn files_in(&self, folder: &str) -> (Vec<u32>, Vec<String>) {
        let (mut files, mut inner) = (Vec::new(), Vec::new());
        for (index, module) in self.modules.iter().enumerate() {
            let below = module.path.strip_prefix(folder);
            let below = if folder.is_empty() { below } else { below.and_then(|it| it.strip_prefix('/')) };
            match below.map(|it| it.split_once('/')) {
                Some(Some((name, _))) => inner.push(name.to_owned()),
                Some(None) if files.len() < FILES_MAX && !module.path.ends_with(".d.ts") => files.push(index as u32),
                _ => {}
            }
        }
        files.sort_by_key(|it| self.modules[*it as usize].path);
        inner.sort();
        inner.dedup();
        (files, inner)
    }

    /// An app within the app for a folder, on which a file registers what holds for all of it.
    fn hooked_scope(&mut self, row: &'a RouteRow, call: &Call, outer: &Value, hooks: u32) -> Value {
        let Some(ObjectKind::Library(state)) = outer.object().map(|it| self.heap.object(it).kind) else {
            return outer.clone();
        };
        let child = Value::atom(Atom::Object(self.new_object(ObjectKind::Library(state))));
        if let Some(id) = child.object() {
            self.heap.write(Loc::Prototype(id), outer.clone());
        }
        let nothing = self.options(&Value::absent(), "");
        let args = Args::of(vec![child.clone(), nothing.clone()], call.place);
        let inner = Call { this: outer.clone(), args, ..call.clone() };
        let handler = Handler { value: child.clone(), ..Handler::default_of(call.place) };
        self.register(row, vec![handler], &inner);
        if let Some(function) = self.plugin_in(hooks) {
            let args = Args::of(vec![child.clone(), nothing], call.place);
            self.call_value(&function, Value::undefined(), args, call.place);
            self.dead = false;
        }
        child
    }

    /// What a file exports as its plugin.
    fn plugin_in(&mut self, module: u32) -> Option<Value> {
        let name = self.intern("default");
        let scope = self.states[module as usize].scope;
        self.push_frame(module, backend_specialist_syntax::ir::TOP_LEVEL, scope, Value::undefined());
        let value = self.export(module, name, 0);
        self.frames.pop();
        self.dead = false;
        value.filter(|it| !it.is_absent())
    }

    /// The plugin of a file is registered as a call would.
    fn plug_file(&mut self, state: State, call: &Call, scope: &Value, module: u32, prefix: &str) {
        let Some(function) = self.plugin_in(module) else { return };
        let options = call.args.value(1);
        let name = self.intern("options");
        let given = options.object().and_then(|it| self.heap.field(it, Key::Name(name))).cloned().unwrap_or_default();
        let own = self.own_prefix(module, &function);
        let options = self.options(&given, &format!("{prefix}{}", own.unwrap_or_default()));
        let args = Args::of(vec![function, options], call.place);
        let call = Call { this: scope.clone(), this_expr: None, args, ..call.clone() };
        self.call_library(state, &call);
        self.dead = false;
    }

    /// A file may say under which path it answers.
    fn own_prefix(&mut self, module: u32, function: &Value) -> Option<String> {
        let name = self.intern("autoPrefix");
        let place = self.here();
        let scope = self.states[module as usize].scope;
        self.push_frame(module, backend_specialist_syntax::ir::TOP_LEVEL, scope, Value::undefined());
        let exported = self.export(module, name, 0).unwrap_or_else(|| self.member(function, name, None, place));
        self.frames.pop();
        exported.text().map(|it| self.text(it).to_string())
    }

    /// Options with a prefix of their own.
    fn options(&mut self, given: &Value, prefix: &str) -> Value {
        let id: ObjectId = self.new_object(ObjectKind::Plain);
        if let Some(given) = given.object() {
            for (key, value) in self.heap.object(given).fields.clone() {
                self.set_field(id, key, value);
            }
        }
        if !prefix.is_empty() {
            let key = self.name_key("prefix");
            let prefix = self.text_value(prefix);
            self.set_field(id, key, prefix);
        }
        Value::atom(Atom::Object(id))
    }
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
