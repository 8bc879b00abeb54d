//! The program itself, run as an operator runs it.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use crate::rig::eventually;

/// Far longer than anything takes; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_mins(1);
/// Below the ports that the system hands out to callers, so that nobody takes one between the look and the start.
const PORTS: std::ops::Range<u16> = 10_000..20_000;

/// Settings as the environment gives them.
pub(crate) type Settings = BTreeMap<String, String>;

/// What a command that has ended left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A process that serves; it dies with this.
pub(crate) struct Serving {
    pub(crate) address: String,
    pub(crate) log: PathBuf,
    child: Child,
}

fn program(settings: &Settings) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpress"));
    command.env_clear().envs(settings).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(settings: &Settings, arguments: &[&str]) -> Ended {
    let output = program(settings).args(arguments).output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Starts `wxpress serve` on a port of its own; its log goes to a file in `folder`.
pub(crate) fn serve(settings: &Settings, folder: &Path) -> Serving {
    let address = free_address().to_string();
    let log = folder.join(format!("{}.log", address.replace(':', "-")));
    let file: File = OpenOptions::new().create(true).append(true).open(&log).unwrap();
    let mut command = program(settings);
    command.args(["serve", "--listen", &address]).stdout(Stdio::null()).stderr(file);
    Serving { child: command.spawn().unwrap(), address, log }
}

/// An address of this machine at which nobody listens.
pub(crate) fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Several test runs on one machine begin at different places.
    let start = u16::try_from(std::process::id() % 1_000).unwrap() * 10;
    loop {
        let offset = start.wrapping_add(NEXT.fetch_add(1, Ordering::SeqCst)) % (PORTS.end - PORTS.start);
        let address = SocketAddr::from(([127, 0, 0, 1], PORTS.start + offset));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

impl Serving {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A page with its headers, if the process answers.
    pub(crate) async fn get(&self, path: &str) -> Option<(u16, String)> {
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let response = client.get(format!("http://{}{path}", self.address)).send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), format!("{:?}", response.headers()));
        Some((status, headers + &response.text().await.ok()?))
    }

    /// Waits until it answers at all.
    pub(crate) async fn is_ready(&mut self) {
        let what = format!("{} is ready", self.address);
        eventually(&what, PATIENCE, async || {
            self.lives();
            self.get("/readyz").await.filter(|(status, _)| *status == 200)
        })
        .await;
    }

    /// Waits until its home page carries the values of an account.
    pub(crate) async fn shows_config(&mut self) {
        let what = format!("{} shows a config", self.address);
        eventually(&what, PATIENCE, async || {
            self.lives();
            self.get("/").await.filter(|(_, page)| page.contains(r#""signature":""#))
        })
        .await;
    }

    fn lives(&mut self) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended with {ended:?}: {}", self.said());
    }

    /// What it wrote to its log.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGKILL: it can do nothing about it.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
