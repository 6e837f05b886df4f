//! A project that is edited: each text is read once, whatever changes around it.

use std::collections::BTreeMap;

use crate::FileId;
use crate::config::Config;
use crate::load::{self, Loaded, LoadedFile};
use crate::project::{Project, SourceFile, normalized};
use crate::report::Report;

/// Files by path, each with what was read of it. An analysis reads those that changed, and links and runs all.
#[derive(Debug, Default)]
pub struct Workspace {
    files: BTreeMap<String, Kept>,
    config: Option<Config>,
    lowered: usize,
}

#[derive(Debug)]
struct Kept {
    bytes: Vec<u8>,
    loaded: Option<LoadedFile>,
}

impl Workspace {
    /// Adds a file, or gives it another text.
    pub fn set(&mut self, path: &str, bytes: Vec<u8>) {
        let path = normalized(path);
        if self.files.get(&path).is_none_or(|it| it.bytes != bytes) {
            self.files.insert(path, Kept { bytes, loaded: None });
        }
    }

    pub fn delete(&mut self, path: &str) {
        self.files.remove(&normalized(path));
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// How many texts were read so far.
    pub fn lowered(&self) -> usize {
        self.lowered
    }

    /// What [`crate::analyze`] says of the files as they are.
    pub fn analyze(&mut self, config: &Config) -> Report {
        if self.config.as_ref() != Some(config) {
            self.files.values_mut().for_each(|it| it.loaded = None);
            self.config = Some(config.clone());
        }
        self.read(config);
        let mut loaded = Loaded { files: Vec::with_capacity(self.files.len()) };
        for (index, kept) in self.files.values_mut().enumerate() {
            let Some(mut file) = kept.loaded.take() else { continue };
            // Files before it may have come or gone.
            file.problems.iter_mut().for_each(|it| it.file = FileId(index as u32));
            loaded.files.push(file);
        }
        let report = crate::analyze_loaded(&loaded, config);
        for (kept, file) in self.files.values_mut().zip(loaded.files) {
            kept.loaded = Some(file);
        }
        report
    }

    /// Reads the files that were not read yet.
    fn read(&mut self, config: &Config) {
        let unread = self.files.iter().filter(|it| it.1.loaded.is_none());
        let unread: Vec<SourceFile> =
            unread.map(|(path, it)| SourceFile { path: path.clone(), bytes: it.bytes.clone() }).collect();
        self.lowered += unread.len();
        for file in load::load(&Project::new(unread), config).files {
            if let Some(kept) = self.files.get_mut(&file.path) {
                kept.loaded = Some(file);
            }
        }
    }
}
