//! pywb and its like, other people's programs: their folder is named by `IBID_WARC_TOOLS`, and
//! `.ci/validate` installs them.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The folder of the programs. Without one nothing is asked of them, and the test says so.
pub fn tools() -> Option<PathBuf> {
    let folder = std::env::var_os("IBID_WARC_TOOLS").map(PathBuf::from);
    if folder.is_none() {
        println!("not asked: IBID_WARC_TOOLS names no folder with warcio, wacz and pywb");
    }
    folder
}

#[track_caller]
pub fn runs(command: &mut Command) -> Output {
    let output = command.output().expect("the program starts");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

/// Makes a collection of a WARC file or a WACZ package.
pub fn collect(tools: &Path, folder: &Path, name: &str, archive: &Path) {
    let manager = || {
        let mut command = Command::new(tools.join("wb-manager"));
        command.current_dir(folder);
        command
    };
    runs(manager().args(["init", name]));
    let packed = archive.extension().is_some_and(|ending| ending == "wacz");
    runs(manager().arg("add").args(packed.then_some("--unpack-wacz")).arg(name).arg(archive));
}

/// A running pywb; it ends with this.
pub struct Pywb {
    pub port: u16,
    child: Child,
}

impl Pywb {
    /// Serves the collections of a folder on loopback.
    pub fn start(tools: &Path, folder: &Path) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let child = Command::new(tools.join("wayback"))
            .args(["-p", &port.to_string(), "-b", "127.0.0.1"])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pywb = Pywb { port, child };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_mins(1), "pywb does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        pywb
    }
}

impl Drop for Pywb {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
