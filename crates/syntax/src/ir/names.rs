//! Interned strings of a module.

/// Interned strings: one blob and one open table, so that a module with ten thousand names is four allocations.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    blob: String,
    ends: Vec<u32>,
    hashes: Vec<u32>,
    /// Ids plus one, found by hash and linear probing; 0 is free. Its length is a power of two.
    table: Vec<u32>,
}

const NAMES_AT_FIRST: usize = 256;

impl Names {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, id: u32) -> &str {
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] as usize };
        &self.blob[start..self.ends[id as usize] as usize]
    }

    pub(super) fn intern(&mut self, text: &str) -> u32 {
        use std::hash::{BuildHasher, BuildHasherDefault};
        let hash = BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(text);
        let hash = (hash ^ (hash >> 32)) as u32;
        if (self.ends.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while self.table[at] != 0 {
            let id = self.table[at] - 1;
            if self.hashes[id as usize] == hash && self.get(id) == text {
                return id;
            }
            at = (at + 1) & mask;
        }
        let id = self.ends.len() as u32;
        self.blob.push_str(text);
        self.ends.push(self.blob.len() as u32);
        self.hashes.push(hash);
        self.table[at] = id + 1;
        id
    }

    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(NAMES_AT_FIRST);
        let mask = len - 1;
        self.table = vec![0; len];
        for (id, hash) in self.hashes.iter().enumerate() {
            let mut at = *hash as usize & mask;
            while self.table[at] != 0 {
                at = (at + 1) & mask;
            }
            self.table[at] = id as u32 + 1;
        }
    }
}
