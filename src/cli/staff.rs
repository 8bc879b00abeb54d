//! `wxpress staff`: who works here, for whoever sits at the machine: to begin with, and when somebody is locked out.

use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::staff::{By, Error, Link, Listed, LoginName, Role, Staff};
use crate::state::AppState;

/// What `staff` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Print a link by which the first administrator comes; good for a day, and only while nobody works here.
    Setup,
    /// Show who works here.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a link by which somebody joins; good for seven days.
    Invite {
        /// The name that colleagues read.
        #[arg(long)]
        name: String,
        /// What they may do.
        #[arg(long)]
        role: RoleArgument,
    },
    /// Print a link by which somebody chooses a new password; good for 30 minutes.
    Reset {
        /// The login name.
        login: String,
    },
    /// Forget somebody's authenticator, and end their sessions; they set up another one when they sign in.
    ResetTotp {
        /// The login name.
        login: String,
    },
    /// End all of somebody's sessions.
    EndSessions {
        /// The login name.
        login: String,
    },
    /// Let somebody sign in no longer, and end their sessions.
    Disable {
        /// The login name.
        login: String,
    },
    /// Let somebody sign in again.
    Enable {
        /// The login name.
        login: String,
    },
}

/// A role, as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArgument {
    /// Writes, and hands in for review.
    Writer,
    /// Edits, reviews and publishes.
    Editor,
    /// Manages staff and settings besides.
    Administrator,
}

impl From<RoleArgument> for Role {
    fn from(argument: RoleArgument) -> Self {
        match argument {
            RoleArgument::Writer => Self::Writer,
            RoleArgument::Editor => Self::Editor,
            RoleArgument::Administrator => Self::Administrator,
        }
    }
}

/// Does it, and says what was done.
pub(super) async fn run(state: &AppState, args: Args) -> anyhow::Result<ExitCode> {
    let staff = &state.staff;
    let shown = |link: &Link| state.config.back_office_url(link.path.expose());
    match args.action {
        Action::Setup => match staff.setup_link().await? {
            Some(link) => println!("{}", shown(&link)),
            None => bail!(
                "somebody works here already; an administrator invites others, or \
                 `wxpress staff invite --name NAME --role administrator` does"
            ),
        },
        Action::List { json } => list(staff, json).await?,
        Action::Invite { name, role } => {
            println!("{}", shown(&staff.invite(By::Operator, &name, role.into()).await?));
        }
        Action::Reset { login } => {
            let member = find(staff, &login).await?;
            let link = staff.reset_link(By::Operator, member.id).await.map_err(|error| match error {
                Error::Disabled => anyhow!("{login} is disabled; `wxpress staff enable {login}` comes first"),
                other => other.into(),
            })?;
            println!("{}", shown(&link));
        }
        Action::ResetTotp { login } => {
            staff.reset_totp(By::Operator, find(staff, &login).await?.id).await?;
            println!("the authenticator of {login} is forgotten, and all sessions have ended");
        }
        Action::EndSessions { login } => {
            staff.end_sessions(By::Operator, find(staff, &login).await?.id).await?;
            println!("all sessions of {login} have ended");
        }
        Action::Disable { login } => disable(staff, &login).await?,
        Action::Enable { login } => {
            staff.enable(By::Operator, find(staff, &login).await?.id).await?;
            println!("{login} may sign in again");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(staff: &Staff, login: &str) -> anyhow::Result<Listed> {
    let name: LoginName = login.parse().with_context(|| format!("{login:?}"))?;
    staff.find(&name).await.map_err(|error| match error {
        Error::NotFound => anyhow!("nobody signs in as {name}; `wxpress staff list` shows who does"),
        other => other.into(),
    })
}

async fn disable(staff: &Staff, login: &str) -> anyhow::Result<()> {
    let member = find(staff, login).await?;
    staff.disable(By::Operator, member.id).await.map_err(|error| match error {
        Error::LastAdministrator => anyhow!(
            "{login} is the last administrator; `wxpress staff invite --name NAME --role administrator` \
             lets another one come first"
        ),
        other => other.into(),
    })?;
    println!("{login} may not sign in any longer, and all sessions have ended");
    Ok(())
}

async fn list(staff: &Staff, json: bool) -> anyhow::Result<()> {
    let members = staff.members().await?;
    if json {
        let lines: Vec<Value> = members.iter().map(as_json).collect();
        println!("{}", serde_json::to_string_pretty(&lines)?);
    } else if members.is_empty() {
        println!("nobody yet; `wxpress staff setup` prints the link for the first administrator");
    } else {
        members.iter().for_each(print);
    }
    Ok(())
}

fn as_json(line: &Listed) -> Value {
    json!({
        "login": line.login.as_str(),
        "name": line.name.as_str(),
        "role": line.role.word(),
        "disabled": line.disabled_at.is_some(),
        "totp": line.has_totp,
        "created_at": line.created_at.0,
        "seen_at": line.seen_at.map(|at| at.0),
    })
}

fn print(line: &Listed) {
    let totp = if line.has_totp { "with authenticator" } else { "no authenticator" };
    let disabled = if line.disabled_at.is_some() { "  disabled" } else { "" };
    println!("{:<24}  {:<13}  {totp:<18}  {}{disabled}", line.login.as_str(), line.role.word(), line.name);
}
