// The commands on order bumps in a checkout: how the engine gets at what bumps.hpp decides. All are
// local.
#include "commands/areas.hpp"
#include "commands/checkouts/bumps.hpp"
#include "commands/checkouts/loaded.hpp"
#include "commands/engine/handler.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"

namespace vitrine::commands {

BumpsNow bumps_now(
    const CheckoutState& state, const rules::bumps::Context& context, const Preparation& from
) {
    BumpsNow now;
    now.moment = {from.now, state.bumps.opened_at};
    now.known.rulebook = std::make_shared<const rules::bumps::Rulebook>();
    const auto* source = from.facts.bumps();
    if (source == nullptr || state.version == 0) return now;
    if (auto known =
            source->known(from.tenant, rules::bumps::question_of(state.bumps, context, from.now)))
        now.known = *std::move(known);
    return now;
}

namespace {

rules::bumps::Context context_in(const Json& body) {
    const auto found = body.find("context");
    if (found == body.end() || !found->is_object()) return {};
    return {
        text_member(*found, "device"),
        text_member(*found, "region"),
        integer_member(*found, "page_seconds")
    };
}

struct StateAndBumps {
    CheckoutState state;
    BumpsNow now;
    QuoteDecision quoted = std::unexpected(std::vector<Fault>());
};

Json answer_for(const CheckoutState& state, std::string_view status) {
    auto json = Json::parse(answer_of(state).text);
    json["status"] = status;
    return json;
}

/// With the quote that goes now.
JsonText answer_with(const StateAndBumps& known, std::string_view status, const std::string& bump) {
    auto json = answer_for(known.state, status);
    json["bump"] = bump;
    const auto quote = Json::parse((known.quoted ? known.quoted->json : known.state.quote).text);
    json["total_cents"] = quote.at("total_cents");
    json["quote"] = quote;
    return JsonText(json.dump());
}

struct DisplayBumpsHandling {
    using Known = StateAndBumps;

    static DisplayBumps parse(const Preparation& from) {
        DisplayBumps command;
        command.context = context_in(from.body);
        if (const auto found = from.body.find("bumps");
            found != from.body.end() && found->is_array()) {
            for (const auto& each : *found)
                command.bumps.push_back(each.is_string() ? each.get<std::string>() : std::string());
        }
        return command;
    }

    static Known load(const Preparation& from, const DisplayBumps& command) {
        Known known{load_checkout(from.store, from.tenant, from.entity_id), {}};
        known.now = bumps_now(known.state, command.context, from);
        return known;
    }

    static CheckoutDecision
    decide(const DisplayBumps& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.state, known.now);
    }

    static JsonText answer(const DisplayBumps&, const Known& known, const Preparation&) {
        return JsonText(answer_for(known.state, "displayed").dump());
    }
};

struct AcceptBumpHandling {
    using Known = StateAndBumps;

    static AcceptBump parse(const Preparation& from) {
        return {from.item_id, integer_member(from.body, "price_cents"), context_in(from.body)};
    }

    static Known load(const Preparation& from, const AcceptBump& command) {
        Known known{load_checkout(from.store, from.tenant, from.entity_id), {}};
        known.now = bumps_now(known.state, command.context, from);
        const bool is_there = known.state.bumps.accepts(command.bump) != nullptr;
        const auto decision = known.now.decided(command.bump);
        if (is_there || !decision || !decision->price_cents) return known;
        auto asked = asked_of(known.state);
        asked.bumps.push_back(known.now.offered(command.bump, *decision->price_cents));
        known.quoted = quoted(asked, from);
        return known;
    }

    static CheckoutDecision
    decide(const AcceptBump& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.state, known.now, known.quoted);
    }

    static JsonText answer(const AcceptBump& command, const Known& known, const Preparation&) {
        return answer_with(known, "accepted", command.bump);
    }

    static void
    effects(Plan& plan, const AcceptBump&, const Known& known, const CheckoutEvents&, const Preparation&) {
        of_buyer(plan, known.state.buyer);
    }
};

struct DeclineBumpHandling {
    using Known = StateAndBumps;

    static DeclineBump parse(const Preparation& from) {
        return {from.item_id, context_in(from.body)};
    }

    static Known load(const Preparation& from, const DeclineBump& command) {
        Known known{load_checkout(from.store, from.tenant, from.entity_id), {}};
        known.now = bumps_now(known.state, command.context, from);
        if (known.state.version == 0) return known;
        auto asked = asked_of(known.state);
        if (known.state.bumps.accepts(command.bump) == nullptr) {  // nothing of it changes
            known.quoted = CheckoutQuote{
                known.state.quote,
                known.state.currency,
                known.state.total_cents,
                known.state.quote_valid_until
            };
            return known;
        }
        std::erase_if(asked.bumps, [&](const auto& each) { return each.bump == command.bump; });
        known.quoted = quoted(asked, from);
        return known;
    }

    static CheckoutDecision
    decide(const DeclineBump& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.state, known.now, known.quoted);
    }

    static JsonText answer(const DeclineBump& command, const Known& known, const Preparation&) {
        return answer_with(known, "declined", command.bump);
    }

    static void
    effects(Plan& plan, const DeclineBump&, const Known& known, const CheckoutEvents&, const Preparation&) {
        of_buyer(plan, known.state.buyer);
    }
};

}  // namespace

std::span<const Definition> checkout_bump_commands() {
    static const Definition table[] = {
        {.name = "DisplayBumps",
         .method = "POST",
         .route = "/v1/checkouts/{id}/bumps/displayed",
         .entity = checkout_entity,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "display_bumps.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<DisplayBumpsHandling>,
         .problems = {"illegal-transition", "checkout-expired", "card-data-not-accepted"}},
        {.name = "AcceptBump",
         .method = "POST",
         .route = "/v1/checkouts/{id}/bumps/{bump}/accept",
         .entity = checkout_entity,
         .names_people = true,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "accept_bump.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<AcceptBumpHandling>,
         .problems =
             {"illegal-transition",
              "out-of-stock",
              "price-changed",
              "checkout-expired",
              "card-data-not-accepted"}},
        {.name = "DeclineBump",
         .method = "POST",
         .route = "/v1/checkouts/{id}/bumps/{bump}/decline",
         .entity = checkout_entity,
         .names_people = true,
         .refuses_cards = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "decline_bump.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<DeclineBumpHandling>,
         .problems = {"illegal-transition", "checkout-expired", "card-data-not-accepted"}},
    };
    return table;
}

}  // namespace vitrine::commands
