//! Who works in the demo: an administrator, whose authenticator is a page of the simulator, and a writer.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::Context as _;
use totp_rs::{Builder, Secret as Seed};

use crate::config::Secret;
use crate::simulator::Simulator;
use crate::staff::{By, Link, Opened, Registration, Role, Staff, Visitor};
use crate::state::AppState;

/// The administrator's login name.
pub(super) const ADMINISTRATOR: &str = "demo";
/// The writer's.
pub(super) const WRITER: &str = "writer";
/// How long a code is shown, in seconds.
const STEP: u64 = 30;

/// Lets both in, and returns the password of both.
pub(super) async fn hire(state: &AppState, simulator: &Simulator) -> anyhow::Result<Secret<String>> {
    let staff = &state.staff;
    let password = Secret::new(hex::encode(rand::random::<[u8; 6]>()));
    let here = Visitor { address: IpAddr::V4(Ipv4Addr::LOCALHOST), agent: "wxpress demo".to_owned() };
    let registration = |login: &str, name: &str| Registration {
        login: login.to_owned(),
        name: name.to_owned(),
        password: password.clone(),
    };
    let link = staff.setup_link().await?.context("somebody works here already")?;
    let opened = staff.set_up(token(&link), &registration(ADMINISTRATOR, "林主编"), &here).await?;
    pair(state, simulator, &opened, &here).await?;
    let link = staff.invite(By::Operator, "周记者", Role::Writer).await?;
    staff.join(token(&link), &registration(WRITER, "周记者"), &here).await?;
    Ok(password)
}

fn token(link: &Link) -> &str {
    link.path.expose().rsplit('/').next().unwrap_or_default()
}

/// Feeds the simulator's authenticator, as a phone's is fed. The code that proves it is the last one, so that the
/// present one is still there for whoever signs in at once.
async fn pair(state: &AppState, simulator: &Simulator, opened: &Opened, here: &Visitor) -> anyhow::Result<()> {
    let staff: &Staff = &state.staff;
    let setup = staff.begin_totp(&opened.session, "wxpress").await?;
    let letters = setup.secret.expose().replace(' ', "");
    let totp = Builder::new().with_secret(Seed::try_from_base32(&letters)?).build()?;
    let now = u64::try_from(state.clock.now().as_secs()).unwrap_or(0);
    staff.finish_totp(&opened.session, &totp.generate(now.saturating_sub(STEP)).to_string(), here).await?;
    simulator.with(|world| world.pair_authenticator(ADMINISTRATOR, &letters));
    Ok(())
}
