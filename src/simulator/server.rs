//! The simulator as a server of its own: own thread, own runtime, gone when its handle is dropped.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use actix_web::dev::{Server, ServerHandle};
use actix_web::{App, HttpServer, rt, web};

use super::shared::Shared;
use super::{api, control, page, phone};

/// Two are enough for every test there is, and leave the machine to what is tested.
const WORKERS: usize = 2;

/// A running server.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Running {
    pub(crate) fn start(listen: SocketAddr, shared: Shared) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (send, receive) = mpsc::channel();
        let thread = thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            rt::System::new().block_on(async move {
                let server = serve(listener, shared)?;
                // The other end waits for exactly this.
                drop(send.send(server.handle()));
                server.await
            })
        })?;
        match receive.recv() {
            Ok(handle) => Ok(Self { address, handle, thread: Some(thread) }),
            Err(_gone) => Err(ended_early(thread)),
        }
    }

    /// Waits until somebody stops the server.
    pub(crate) fn wait(&mut self) -> io::Result<()> {
        self.thread.take().map_or(Ok(()), |thread| thread.join().unwrap_or_else(|_panic| Err(died())))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The order to stop is given by the call itself; its future would only wait for the end.
        drop(self.handle.stop(false));
        if let Err(error) = self.wait() {
            tracing::warn!(%error, "the simulator did not end well");
        }
    }
}

fn serve(listener: TcpListener, shared: Shared) -> io::Result<Server> {
    let shared = web::Data::new(shared);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .configure(api::routes)
            .configure(control::routes)
            .configure(phone::routes)
            .configure(page::routes)
            .default_service(web::route().to(api::unknown))
    });
    Ok(server.workers(WORKERS).disable_signals().shutdown_timeout(1).listen(listener)?.run())
}

fn ended_early(thread: JoinHandle<io::Result<()>>) -> io::Error {
    match thread.join() {
        Ok(Err(error)) => error,
        _ => died(),
    }
}

fn died() -> io::Error {
    io::Error::other("the simulator's thread ended")
}
