//! `review` against a fake GitHub: a pull request lives through pushes, people and faults.

// act runs steps as on a Linux machine.
#[cfg(target_os = "linux")]
mod act;
mod faults;
mod life;
mod odd;
mod rig;
mod runs;
