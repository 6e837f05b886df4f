//! Processor time of one thread, and the most memory of a process, as Linux tells them; elsewhere the time that
//! passes, and no memory.

use std::time::Instant;

pub struct Clock {
    began: Instant,
    last: f64,
    laps: Vec<(&'static str, f64)>,
}

impl Clock {
    pub fn start() -> Clock {
        let mut clock = Clock { began: Instant::now(), last: 0.0, laps: Vec::new() };
        clock.last = clock.now();
        clock
    }

    /// Ends a phase.
    pub fn lap(&mut self, name: &'static str) {
        let now = self.now();
        self.laps.push((name, now - self.last));
        self.last = self.now();
    }

    /// The phases with their seconds.
    pub fn laps(self) -> Vec<(&'static str, f64)> {
        self.laps
    }

    fn now(&self) -> f64 {
        thread_seconds().unwrap_or_else(|| self.began.elapsed().as_secs_f64())
    }
}

/// Nanoseconds that the thread ran: the first number of the scheduler's statistics.
fn thread_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// Bytes that the process held at most.
pub fn peak_memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
