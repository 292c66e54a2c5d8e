//! The macros that a LaTeX document defines for itself.

use super::input::{Argument, Input, Stretch};
use crate::place::Place;

/// A macro.
#[derive(Debug, Clone)]
pub(super) struct Macro<'t> {
    parameters: Vec<Parameter<'t>>,
    pub(super) body: Stretch<'t>,
}

#[derive(Debug, Clone, Copy)]
enum Parameter<'t> {
    Braced,
    /// With what it is where it is not given.
    Bracketed(Option<Stretch<'t>>),
    Star,
}

/// Macros with more parameters than TeX allows are none.
const PARAMETERS: usize = 9;

impl<'t> Macro<'t> {
    /// `\newcommand{\name}[2][default]{body}` behind the command's name.
    pub(super) fn of_newcommand(input: &mut Input<'t>) -> Option<(&'t str, Self)> {
        input.star();
        let name = input.argument()?.name().strip_prefix('\\')?;
        let count = input.optional().map_or(0, |count| count.text().trim().parse().unwrap_or(0));
        let default = if count > 0 { input.optional() } else { None };
        let default = default.and_then(|default| default.stretch());
        let body = input.argument()?.stretch()?;
        let first = default.map(|default| Parameter::Bracketed(Some(default)));
        let braced = std::iter::repeat_n(Parameter::Braced, PARAMETERS);
        let parameters = first.into_iter().chain(braced).take(count.min(PARAMETERS)).collect();
        Some((name, Macro { parameters, body }))
    }

    /// `\def\name#1#2{body}` behind `\def`. Parameters with text between them are not understood.
    pub(super) fn of_def(input: &mut Input<'t>) -> Option<(&'t str, Self)> {
        let name = input.argument()?.name().strip_prefix('\\')?;
        let rest = input.rest();
        let pattern = &rest[..rest.find('{')?];
        input.skip(pattern.len());
        let body = input.argument()?.stretch()?;
        let count = pattern.matches('#').count();
        let plain = pattern.bytes().all(|b| b == b'#' || b.is_ascii_digit() || b.is_ascii_whitespace());
        let parameters = vec![Parameter::Braced; count];
        (plain && count <= PARAMETERS).then_some((name, Macro { parameters, body }))
    }

    /// `\NewDocumentCommand{\name}{s o m}{body}` behind the command's name.
    pub(super) fn of_document_command(input: &mut Input<'t>) -> Option<(&'t str, Self)> {
        let name = input.argument()?.name().strip_prefix('\\')?;
        let specification = input.argument()?.stretch()?;
        let body = input.argument()?.stretch()?;
        let mut parameters = Vec::new();
        let text = specification.text();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            at += c.len_utf8();
            match c {
                'm' | 'v' => parameters.push(Parameter::Braced),
                'o' => parameters.push(Parameter::Bracketed(None)),
                's' => parameters.push(Parameter::Star),
                'O' => {
                    let default = text[at..].strip_prefix('{').and_then(|rest| rest.find('}'))?;
                    parameters.push(Parameter::Bracketed(Some(specification.part(at + 1, at + 1 + default))));
                    at += default + 2;
                }
                '+' | '!' | '>' => {}
                c if c.is_whitespace() => {}
                _ => return None,
            }
        }
        (parameters.len() <= PARAMETERS).then_some((name, Macro { parameters, body }))
    }

    /// Reads the arguments and puts body and arguments before what is still to be read.
    pub(super) fn expand(&self, input: &mut Input<'t>, place: Place) {
        let mut arguments: Vec<Option<Argument<'t>>> = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            arguments.push(match parameter {
                Parameter::Braced => input.argument(),
                Parameter::Bracketed(default) => {
                    input.optional().or(default.map(|default| Argument::of(default.called_at(place))))
                }
                Parameter::Star => {
                    input.star();
                    None
                }
            });
        }
        let mut pieces: Vec<Stretch<'t>> = Vec::new();
        let text = self.body.text();
        let mut from = 0;
        for (at, _) in text.match_indices('#') {
            let digit = text[at + 1..].bytes().next().filter(u8::is_ascii_digit);
            let Some(digit) = digit.filter(|_| at >= from) else { continue };
            pieces.push(self.body.part(from, at).called_at(place));
            let argument = arguments.get(usize::from(digit.wrapping_sub(b'1'))).and_then(Option::as_ref);
            pieces.extend(argument.into_iter().flat_map(Argument::stretches));
            from = at + 2;
        }
        pieces.push(self.body.part(from, text.len()).called_at(place));
        pieces.into_iter().rev().for_each(|piece| input.push(piece));
    }
}
