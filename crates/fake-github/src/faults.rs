//! What goes wrong, as scripted: each fault happens once.

#[derive(Clone, Debug)]
pub struct Fault {
    pub method: String,
    /// The end of the path.
    pub path: String,
    pub when: When,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Answered so, and nothing is done.
    Refused {
        status: u16,
        retry_after: Option<u32>,
        body: String,
    },
    /// Done, and then answered so.
    Done(u16),
    /// The connection ends before anything is done.
    Dropped,
    /// The connection ends after all is done.
    DoneAndDropped,
    Slow,
}

impl Fault {
    pub fn new(method: &str, path: &str, when: When) -> Fault {
        Fault { method: method.to_string(), path: path.to_string(), when }
    }

    pub fn refused(method: &str, path: &str, status: u16, body: &str) -> Fault {
        Fault::new(method, path, When::Refused { status, retry_after: None, body: body.to_string() })
    }
}

/// The first fault that fits, which is thereby spent.
pub fn take(faults: &mut Vec<Fault>, method: &str, path: &str) -> Option<When> {
    let at = faults.iter().position(|it| it.method == method && path.ends_with(&it.path))?;
    Some(faults.remove(at).when)
}
