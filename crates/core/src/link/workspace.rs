//! Which folders belong to a workspace: the patterns of package managers.

/// The list under `packages:`, in either of YAML's two spellings.
pub fn pnpm_packages(text: &str) -> Vec<Box<str>> {
    let mut inside = false;
    let mut globs = Vec::new();
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or(line);
        if let Some(rest) = line.strip_prefix("packages:") {
            inside = true;
            globs.extend(rest.trim().trim_matches(['[', ']']).split(',').filter_map(unquoted));
        } else if let Some(item) = line.trim_start().strip_prefix("- ") {
            globs.extend(unquoted(item).filter(|_| inside));
        } else if !line.trim().is_empty() && !line.starts_with([' ', '#']) {
            inside = false;
        }
    }
    globs
}

fn unquoted(text: &str) -> Option<Box<str>> {
    let text = text.trim().trim_matches(['"', '\'']);
    (!text.is_empty()).then(|| text.into())
}

/// Whether the folder at `path`, seen from the workspace, is one of its packages.
pub fn is_member(globs: &[Box<str>], path: &str) -> bool {
    let fits = |glob: &str| glob_fits(glob.trim_start_matches("./").trim_end_matches('/'), path);
    let (without, with): (Vec<&Box<str>>, Vec<&Box<str>>) = globs.iter().partition(|glob| glob.starts_with('!'));
    with.iter().any(|glob| fits(glob)) && !without.iter().any(|glob| fits(&glob[1..]))
}

/// `*` inside a name, `**` for any number of folders. When a name does not fit, the last `**` takes one more.
fn glob_fits(glob: &str, path: &str) -> bool {
    let glob: Vec<&str> = glob.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let (mut at_glob, mut at_path) = (0, 0);
    let mut retry = None;
    while at_path < path.len() {
        match glob.get(at_glob) {
            Some(&"**") => {
                retry = Some((at_glob, at_path));
                at_glob += 1;
                continue;
            }
            Some(part) if name_fits(part, path[at_path]) => {
                at_glob += 1;
                at_path += 1;
                continue;
            }
            _ => {}
        }
        let Some((stars, taken)) = retry else { return false };
        retry = Some((stars, taken + 1));
        at_glob = stars + 1;
        at_path = taken + 1;
    }
    glob[at_glob..].iter().all(|part| *part == "**")
}

fn name_fits(part: &str, name: &str) -> bool {
    match part.split_once('*') {
        None => part == name,
        Some((head, tail)) => name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail),
    }
}
