#include "commands/refusals.hpp"

namespace vitrine::commands {
namespace {

using clubify::CallError;

int status_of_not_done(const CallError& error) {
    // Held back, or told to come later: it is known when to try again.
    if (error.kind == CallError::Kind::not_sent && error.retry_after) return 503;
    if (error.kind != CallError::Kind::unavailable) return 502;
    switch (error.status) {
        case 429:
        case 503:
            return 503;
        case 408:
        case 504:
            return 504;
        default:
            return 502;
    }
}

bool says_already_there(const Step& step, const CallError& error) {
    if (step.settle != Settle::offer_has_product) return false;
    return error.status == 409 || error.message.find("already exists") != std::string::npos;
}

}  // namespace

Refusal refusal_of(const Step& step, const CallError& error) {
    if (error.kind == CallError::Kind::credentials) {
        return {"clubify-credentials", 502, "credentials", error.message};
    }
    if (says_already_there(step, error))
        return {"product-already-in-offer", 409, "conflict", error.message};
    return {"clubify-refused", 422, "refused", error.message};
}

Refusal slug_taken_there(const std::string& slug) {
    return {
        "slug-taken",
        409,
        "conflict",
        "On Clubify the slug \"" + slug + "\" belongs to another offer."
    };
}

Refusal missing_there(const Step& step) {
    const bool product = step.settle == Settle::product_edit_mark;
    return {
        "missing-on-clubify",
        409,
        "missing",
        product ? "The product was deleted on Clubify." : "The offer was deleted on Clubify."
    };
}

Refusal not_done(const CallError& error) {
    return {"clubify-unavailable", status_of_not_done(error), "unavailable", error.message};
}

}  // namespace vitrine::commands
