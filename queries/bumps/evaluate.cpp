#include "queries/bumps/evaluate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json_append.hpp"
#include "queries/bumps/bumps_json.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
namespace bumps = rules::bumps;
namespace prices = rules::prices;

const Json* member(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> text(const Json& json, const char* name) {
    const auto* found = member(json, name);
    return found ? std::optional(found->get<std::string>()) : std::nullopt;
}

/// What is asked of the cart's price: no coupon changes by what bumps are decided.
prices::Question priced(const OfferId& offer, const Json& cart, const char* list, Timestamp now) {
    prices::Question question;
    question.offer_id = offer;
    question.at = now;
    if (const auto* items = member(cart, list)) {
        for (const auto& each : *items) {
            auto& item = question.items.emplace_back();
            if (const auto id = text(each, "product_id")) item.product_id = ProductId(*id);
            item.sku = text(each, "sku");
            const auto* quantity = member(each, "quantity");
            item.quantity = quantity ? static_cast<std::int64_t>(quantity->get<double>()) : 1;
        }
    }
    return question;
}

/// Who buys: an id, or an object with that and the segments to pretend.
void note_customer(const Json& body, bumps::Question& question) {
    const auto* customer = member(body, "customer");
    if (!customer) return;
    if (customer->is_string()) {
        question.customer_id = customer->get<std::string>();
        return;
    }
    question.customer_id = text(*customer, "customer_id");
    if (const auto* segments = member(*customer, "segments"))
        question.segments = segments->get<std::vector<std::string>>();
}

void note_context(const Json& body, bumps::Question& question) {
    const auto* context = member(body, "context");
    if (!context) return;
    question.session = text(*context, "session");
    question.device = text(*context, "device");
    question.region = text(*context, "region");
    if (const auto* seconds = member(*context, "page_seconds"))
        question.page_seconds = static_cast<std::int64_t>(seconds->get<double>());
}

/// The faults of the cart, where the body has it.
QueryError refused(const std::vector<Fault>& faults, const std::string& list) {
    std::vector<Fault> told;
    for (auto fault : faults) {
        const std::string_view items = "/items";
        if (fault.code == "unknown_offer")
            return not_found({"there is no such offer", "esta oferta não existe"});
        if (fault.pointer.starts_with(items)) {
            fault.pointer = "/cart/" + list + fault.pointer.substr(items.size());
        } else if (fault.pointer == "/offer_id") {
            fault.pointer = "/cart";
        } else if (fault.pointer == "/customer_id") {
            fault.pointer = "/customer";
        }
        told.push_back(std::move(fault));
    }
    return invalid(std::move(told));
}

}  // namespace

Result evaluate_bumps(
    const ReadSide& reads,
    const prices::Source& prices,
    const bumps::Source& source,
    const TenantId& tenant,
    const OfferId& offer,
    const Json& body
) {
    const auto now = reads.clock();
    const auto& cart = body.at("cart");
    const std::string list = cart.contains("lines") ? "lines" : "items";
    bumps::Question question;
    note_customer(body, question);
    note_context(body, question);
    auto asked = priced(offer, cart, list.c_str(), now);
    asked.customer_id = question.customer_id;
    const auto quote = prices.decide(tenant, asked);
    if (!quote) return std::unexpected(not_ready());
    if (!quote->decision) return std::unexpected(refused(quote->decision.error(), list));

    question.offer_id = offer;
    question.cart = bumps::cart_of(*quote->decision);
    question.drafted = body.value("draft", false);
    const auto* elapsed = member(body, "elapsed_seconds");
    const auto seconds = elapsed ? static_cast<std::int64_t>(elapsed->get<double>()) : 0;
    question.moment = {now, now - std::chrono::seconds(seconds)};
    const auto known = source.known(tenant, question);
    if (!known) return std::unexpected(not_ready());
    const auto explain = body.value("explain", false) ? bumps::Explain::yes : bumps::Explain::no;
    const auto decisions = bumps::decide(*known->rulebook, known->inputs, question.moment, explain);

    Answer answer;
    auto& out = answer.body = "{";
    append_text(out, "offer_id", offer.view());
    append_number(out, "revision", known->rulebook->revision);
    append_text(out, "currency", known->currency);
    append_number(out, "cart_value_cents", question.cart.value_cents);
    append_name(out, "bumps");
    out += '[';
    for (const auto& decision : decisions) {
        if (&decision != &decisions.front()) out += ',';
        out += '{';
        append_decision(out, decision, unit_of(*known, *decision.rule));
        out += '}';
    }
    out += "]}";
    answer.position = known->position;
    return answer;
}

}  // namespace vitrine::queries
