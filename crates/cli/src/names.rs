//! Paths: the project's root, names relative to it, and names relative to the reader.

use std::path::{Component, Path, PathBuf};

/// Absolute, without `.` and `..`, links kept: what the user typed stays recognizable.
pub fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in base.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out
}

/// The path below the root with `/`; `None` when it is not below it. The root itself is the empty text.
pub fn below(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = rest.components().map(|it| it.as_os_str().to_string_lossy()).collect();
    Some(parts.join("/"))
}

/// The name that leads from one folder to a file: `../x/a.js`.
pub fn relative(from: &Path, to: &Path) -> String {
    let from: Vec<_> = from.components().collect();
    let to: Vec<_> = to.components().collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let ups = from[shared..].iter().map(|_| "..".to_string());
    let downs = to[shared..].iter().map(|it| it.as_os_str().to_string_lossy().into_owned());
    ups.chain(downs).collect::<Vec<_>>().join("/")
}

/// The folder that holds all of these folders and files.
pub fn common_folder(paths: &[PathBuf]) -> Option<PathBuf> {
    let mut folders = paths.iter().map(|it| if it.is_dir() { it.as_path() } else { it.parent().unwrap_or(it) });
    let first = folders.next()?;
    let mut common: Vec<Component<'_>> = first.components().collect();
    for folder in folders {
        let shared = common.iter().zip(folder.components()).take_while(|(a, b)| **a == *b).count();
        common.truncate(shared);
    }
    Some(common.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_plain() {
        assert_eq!(absolute(Path::new("/a/b"), Path::new("../c/./d")), Path::new("/a/c/d"));
        assert_eq!(below(Path::new("/a"), Path::new("/a/b/c.js")).as_deref(), Some("b/c.js"));
        assert_eq!(below(Path::new("/a"), Path::new("/ab")), None);
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/c/d.js")), "../c/d.js");
        assert_eq!(relative(Path::new("/a"), Path::new("/a/d.js")), "d.js");
        let paths = [PathBuf::from("/a/b/x.js"), PathBuf::from("/a/c/y.js")];
        assert_eq!(common_folder(&paths).as_deref(), Some(Path::new("/a")));
    }
}
