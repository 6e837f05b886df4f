//! Modules that are settings: their variables are members of a value that a library reads.

use backend_specialist_syntax::ir::{TOP_LEVEL, VarId};

use super::machine::Machine;
use super::value::{Atom, ClassValueId, Value};
use crate::Place;
use crate::model::Models;
use crate::paths::Glob;

impl<'a> Machine<'a> {
    /// Files by their names, in projects that use the library.
    pub(super) fn find_settings(&mut self, models: &'a Models) {
        self.settings = vec![None; self.modules.len()];
        for language in self.languages() {
            for file in models.file_routes(language).iter().filter(|it| !it.module.is_empty()) {
                let glob = Glob::new(&file.glob);
                let library = &file.origin.library;
                let is_it = |name: &String| name.split('.').next() == Some(library);
                let uses = |it: &&super::program::LinkedModule<'_>| {
                    it.packages.iter().any(is_it) || it.declared.iter().any(is_it)
                };
                if self.modules.iter().find(uses).is_none() {
                    continue;
                }
                for index in 0..self.modules.len() {
                    let module = &self.modules[index];
                    if module.ir.semantics.models == language && glob.matches(module.path) {
                        let states = self.param_states(language, &file.module);
                        self.settings[index] = states.into_iter().flatten().next();
                    }
                }
            }
        }
    }

    fn languages(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self.modules.iter().map(|it| it.ir.semantics.models).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// A variable of a module of settings is a setting.
    pub(super) fn set_setting(&mut self, var: VarId, value: &Value, place: Place) {
        let frame = self.frame();
        if frame.function != TOP_LEVEL {
            return;
        }
        let Some(state) = self.settings.get(frame.module as usize).copied().flatten() else { return };
        let name = self.sym(self.ir().var(var).name);
        self.assigned_sinks(&Value::atom(Atom::Lib(state)), name, value, place, None);
    }

    /// Attributes of a class in a module of settings are settings; so is what its properties give.
    pub(super) fn class_of_settings(&mut self, id: ClassValueId) {
        let frame = self.frame();
        let state = self.settings.get(frame.module as usize).copied().flatten();
        let Some(state) = state.filter(|_| frame.function == TOP_LEVEL) else { return };
        let class = self.classes[id.0 as usize].clone();
        let statics = Value::atom(Atom::Object(class.statics));
        let mut all = self.fields_of(&statics);
        for (name, getter) in class.getters {
            let text = self.text(name);
            let member = self.places.member(state, &text);
            // Other ones may ask for anything.
            if !member.is_some_and(|it| self.places.rows(it).routes.iter().any(|it| it.is_assigned)) {
                continue;
            }
            let place = self.here();
            let value = self.call_value(&getter, Value::unknown(), super::machine::Args::default(), place);
            self.dead = false;
            all.push((name, value));
        }
        for (name, value) in all {
            let place = self.here();
            self.assigned_sinks(&Value::atom(Atom::Lib(state)), name, &value, place, None);
        }
    }
}
