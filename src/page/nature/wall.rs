//! Pages that want a login or consent before they show anything.

use std::sync::LazyLock;

use super::{Phrases, Signs, Table, folded};

/// With more words than this, a page may ask for a login only of who wants to comment.
const BARE: usize = 40;

/// What the page asks for.
pub(super) fn find(signs: &Signs) -> Option<String> {
    if !signs.is_thin() || signs.dated {
        return None;
    }
    let parts = || signs.parts.iter().flatten();
    let is_title = |table: &Table| {
        parts().any(|part| table.iter().any(|title| title == part.trim_end_matches(['.', '!', '…', ' '])))
    };
    if is_title(&DOORS) && (signs.password || signs.is_scant()) {
        return Some(signs.title.to_owned());
    }
    let text = (signs.words < BARE).then_some(signs.text.as_str());
    if let Some((_, sentence)) = SENTENCES.first_in(parts().map(String::as_str).chain(text)) {
        return Some(sentence.to_owned());
    }
    (signs.password && signs.is_scant()).then(|| "a login form and nothing else".to_owned())
}

/// Titles of pages at which people log in.
static DOORS: Table = Table::new(|| {
    folded(&[
        "log in",
        "login",
        "sign in",
        "signin",
        "sign up",
        "log in or sign up",
        "login or sign up",
        "authentication required",
        "single sign-on",
        "member login",
        "subscriber login",
        "account login",
        "sign in to your account",
        "log in to your account",
        "join linkedin",
        "accedi",
        "accesso",
        "area riservata",
        "effettua il login",
        "connexion",
        "se connecter",
        "identifiez-vous",
        "anmelden",
        "anmeldung",
        "einloggen",
        "iniciar sesión",
        "inicia sesión",
        "acceder",
        "entrar",
        "iniciar sessão",
        "inloggen",
        "aanmelden",
        "logga in",
        "logg inn",
        "log ind",
        "kirjaudu sisään",
        "zaloguj się",
        "logowanie",
        "přihlášení",
        "prihlásenie",
        "bejelentkezés",
        "autentificare",
        "вход",
        "войти",
        "вхід",
        "увійти",
        "σύνδεση",
        "giriş yap",
        "تسجيل الدخول",
        "התחברות",
        "ログイン",
        "登录",
        "登入",
        "로그인",
        "đăng nhập",
        "masuk",
    ])
});

/// Sentences with which a page asks for a login or for consent.
static SENTENCES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(&[
        "sign in to continue",
        "log in to continue",
        "login to continue",
        "please log in",
        "please sign in",
        "login required",
        "you must be logged in",
        "you need to log in",
        "you must log in",
        "log into facebook",
        "log in to facebook",
        "you'll need to log in",
        "subscribe to continue reading",
        "part of the yahoo family of brands",
        "privacy gate",
        "accept cookies to continue",
        "we need your consent",
        "prima di continuare",
        "before you continue",
        "accetta e continua",
        "accept and continue",
        "agree and continue",
        "accepter et continuer",
        "zustimmen und weiter",
        "akzeptieren und weiter",
        "aceptar y continuar",
        "aceitar e continuar",
        "accepteren en doorgaan",
        "accedi per continuare",
        "effettua l'accesso",
        "effettua l’accesso",
        "devi effettuare il login",
        "avant de continuer",
        "avant d'accéder à",
        "avant d’accéder à",
        "connectez-vous pour",
        "veuillez vous connecter",
        "bevor sie zu youtube",
        "bevor sie fortfahren",
        "anmelden, um fortzufahren",
        "bitte melden sie sich an",
        "bitte loggen sie sich ein",
        "mit werbung weiterlesen",
        "antes de continuar",
        "inicia sesión para",
        "debe iniciar sesión",
        "faça login para",
        "voordat je verdergaat",
        "log in om",
        "zaloguj się, aby",
        "войдите, чтобы",
        "увійдіть, щоб",
    ])
});
