//! Each case lays out a small project and says what imports in it name.

mod javascript;
mod python;
mod units;
mod versions;

use super::{Linker, Target};
use crate::model::version::Version;

struct Project {
    paths: Vec<&'static str>,
    linker: Linker,
}

/// `files` are separated by space, in any order; manifests are paths with their texts.
fn project(files: &'static str, manifests: &[(&str, &str)]) -> Project {
    let mut paths: Vec<&str> = files.split_whitespace().collect();
    paths.sort_unstable();
    let linker = Linker::new(&paths, manifests);
    Project { paths, linker }
}

impl Project {
    fn module(&self, path: &str) -> u32 {
        let found = self.paths.iter().position(|known| *known == path);
        found.unwrap_or_else(|| panic!("no module {path}")) as u32
    }

    fn show(&self, target: &Target) -> String {
        match target {
            Target::Module(module) => self.paths[*module as usize].to_owned(),
            Target::Folder(folder) => format!("{}/", self.linker.folder_path(*folder)),
            Target::Package(name) => format!("package {name}"),
            Target::Data(path) => format!("data {path}"),
            Target::Missing => "missing".to_owned(),
        }
    }

    /// Each line: importing file, specifier, what it names.
    #[track_caller]
    fn javascript(&self, cases: &[(&str, &str, &str)]) {
        for (from, specifier, expected) in cases {
            let target = self.linker.javascript(self.module(from), specifier);
            assert_eq!(self.show(&target), *expected, "{from} imports {specifier}");
        }
    }

    /// As above; the specifier carries its leading dots.
    #[track_caller]
    fn python(&self, cases: &[(&str, &str, &str)]) {
        for (from, specifier, expected) in cases {
            let dotted = specifier.trim_start_matches('.');
            let level = (specifier.len() - dotted.len()) as u32;
            let target = self.linker.python(self.module(from), level, dotted);
            assert_eq!(self.show(&target), *expected, "{from} imports {specifier}");
        }
    }

    /// Each line: module, package, the version it uses.
    #[track_caller]
    fn versions(&self, cases: &[(&str, &str, &str)]) {
        for (module, package, expected) in cases {
            let version = self.linker.version(self.module(module), package);
            assert_eq!(version, Version::parse(expected), "{package} in {module}");
        }
    }
}
