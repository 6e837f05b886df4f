//! Kinds: the words that models and rules share. They are data (`models/kinds.toml`), numbered once per process.

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// What a kind is a kind of. Each has its own numbers and its own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KindSpace {
    Source,
    Sink,
    Call,
}

/// A kind of source, sink or call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId {
    space: KindSpace,
    index: u8,
}

/// A set of kinds of one space.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindSet(u128);

/// What `kinds.toml` says of one kind.
#[derive(Debug)]
pub struct KindInfo {
    pub name: String,
    pub parent: Option<KindId>,
    /// Names of the arguments that rules look at; calls only.
    pub roles: Vec<String>,
    /// One line for people.
    pub is: String,
}

/// A [`KindSet`] holds no more.
const KINDS_MAX: usize = 128;

/// The source kind of that name.
pub fn source(name: &str) -> Option<KindId> {
    id(KindSpace::Source, name)
}

/// The sink kind of that name.
pub fn sink(name: &str) -> Option<KindId> {
    id(KindSpace::Sink, name)
}

/// The call kind of that name.
pub fn call(name: &str) -> Option<KindId> {
    id(KindSpace::Call, name)
}

pub fn id(space: KindSpace, name: &str) -> Option<KindId> {
    let table = table();
    table.ids.get(name).and_then(|ids| ids[space as usize])
}

/// All kinds of a space, in the order of their numbers.
pub fn all(space: KindSpace) -> impl Iterator<Item = KindId> {
    let len = table().spaces[space as usize].len();
    (0..len).map(move |index| KindId { space, index: index as u8 })
}

impl KindId {
    pub fn name(self) -> &'static str {
        &self.info().name
    }

    pub fn space(self) -> KindSpace {
        self.space
    }

    pub fn parent(self) -> Option<KindId> {
        self.info().parent
    }

    pub fn info(self) -> &'static KindInfo {
        &table().spaces[self.space as usize][usize::from(self.index)]
    }

    /// Whether it is that kind or a child of it.
    pub fn is_a(self, ancestor: KindId) -> bool {
        let mut at = Some(self);
        while let Some(kind) = at {
            if kind == ancestor {
                return true;
            }
            at = kind.parent();
        }
        false
    }

    /// The kind and its children.
    pub fn family(self) -> KindSet {
        all(self.space).filter(|kind| kind.is_a(self)).collect()
    }
}

impl fmt::Debug for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl KindSet {
    pub const NONE: KindSet = KindSet(0);
    pub const ALL: KindSet = KindSet(u128::MAX);

    pub fn contains(self, kind: KindId) -> bool {
        self.0 & (1 << kind.index) != 0
    }

    pub fn insert(&mut self, kind: KindId) {
        self.0 |= 1 << kind.index;
    }

    #[must_use]
    pub fn union(self, other: KindSet) -> KindSet {
        KindSet(self.0 | other.0)
    }

    #[must_use]
    pub fn intersection(self, other: KindSet) -> KindSet {
        KindSet(self.0 & other.0)
    }

    pub fn is_subset(self, other: KindSet) -> bool {
        self.0 & !other.0 == 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn bits(self) -> u128 {
        self.0
    }
}

impl FromIterator<KindId> for KindSet {
    fn from_iter<I: IntoIterator<Item = KindId>>(kinds: I) -> KindSet {
        let mut set = KindSet::NONE;
        for kind in kinds {
            set.insert(kind);
        }
        set
    }
}

impl fmt::Debug for KindSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KindSet({:#x})", self.0)
    }
}

struct Table {
    spaces: [Vec<KindInfo>; 3],
    ids: FxHashMap<String, [Option<KindId>; 3]>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("kinds.txt")))
}

/// Reads the generated table: `space name parent roles is`, separated by tabs; parents stand before children.
fn read(text: &str) -> Table {
    let mut table = Table { spaces: [Vec::new(), Vec::new(), Vec::new()], ids: FxHashMap::default() };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap_or_default();
        let space = match field() {
            "source" => KindSpace::Source,
            "sink" => KindSpace::Sink,
            _ => KindSpace::Call,
        };
        let name = field().to_owned();
        let parent = field();
        let parent = table.ids.get(parent).and_then(|ids| ids[space as usize]);
        let roles = field().split(' ').filter(|role| !role.is_empty()).map(str::to_owned).collect();
        let is = field().to_owned();
        let infos = &mut table.spaces[space as usize];
        assert!(infos.len() < KINDS_MAX, "kinds.toml has more than {KINDS_MAX} kinds of one space");
        let id = KindId { space, index: infos.len() as u8 };
        table.ids.entry(name.clone()).or_default()[space as usize] = Some(id);
        infos.push(KindInfo { name, parent, roles, is });
    }
    table
}
