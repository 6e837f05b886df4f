//! `review` against a fake GitHub: a pull request lives through pushes, people and faults.

mod faults;
mod life;
mod rig;
mod runs;
