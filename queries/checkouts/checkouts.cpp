#include "queries/checkouts/checkouts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/checkouts.hpp"
#include "events/codec.hpp"
#include "events/processes.hpp"
#include "gateways/payments/pix.hpp"
#include "projections/listed.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr Term none{"there is no such checkout", "este checkout não existe"};

std::vector<store::RecordedEvent> stream_of(
    const ReadSide& reads, const TenantId& tenant, std::string_view id, Version up_to
) {
    constexpr std::size_t page = 500;
    std::vector<store::RecordedEvent> all;
    const StreamName stream("sale-" + std::string(id));
    while (all.size() < up_to) {
        auto events = reads.store.read_stream(
            tenant, stream, all.size() + 1, page, store::Direction::forwards
        );
        const bool is_last = events.size() < page;
        for (auto& event : events) {
            if (event.version <= up_to) all.push_back(std::move(event));
        }
        if (is_last) break;
    }
    return all;
}

/// What the row leaves out.
class Details {
public:
    explicit Details(Json row) : json_(std::move(row)) {}

    void take(const events::CheckoutEvent& event) {
        if (const auto* opened = std::get_if<events::CheckoutOpened>(&event)) {
            note_terms(*opened);
            if (opened->checkout_url) json_["checkout_url"] = *opened->checkout_url;
            if (!opened->utm.empty()) json_["utm"] = Json::parse(opened->utm.text);
        }
        if (const auto* changed = std::get_if<events::CheckoutChanged>(&event))
            note_terms(*changed);
        if (const auto* asked = std::get_if<events::PaymentAsked>(&event)) {
            payment_ = {
                {"attempt", asked->attempt},
                {"charge_id", asked->charge_id},
                {"method", asked->method},
                {"provider", asked->provider},
                {"amount_cents", asked->amount_cents},
                {"installments", asked->installments}
            };
        }
        if (const auto* pending = std::get_if<events::ChargePending>(&event)) {
            payment_["payment_id"] = pending->payment_id;
            if (!pending->pix.empty()) note_shown("pix", payments::with_picture(pending->pix));
            note_shown("boleto", pending->boleto);
            note_shown("action", pending->action);
        }
        if (const auto* authorized = std::get_if<events::ChargeAuthorized>(&event))
            payment_["payment_id"] = authorized->payment_id;
        if (const auto* captured = std::get_if<events::ChargeCaptured>(&event))
            payment_["payment_id"] = captured->payment_id;
        if (const auto* declined = std::get_if<events::ChargeDeclined>(&event)) {
            payment_["code"] = declined->code;
            payment_["retryable"] = declined->retryable;
        }
        if (const auto* refund = std::get_if<events::RefundAsked>(&event)) note_refund(*refund);
        if (const auto* done = std::get_if<events::RefundDone>(&event)) {
            for (auto& refund : refunds_) {
                if (refund.at("refund_id") == done->refund_id) refund["done"] = true;
            }
        }
        if (const auto* failed = std::get_if<events::CheckoutFailed>(&event))
            json_["problem"] = "/problems/" + failed->problem;
    }

    std::string end() && {
        if (!payment_.empty()) json_["payment"] = std::move(payment_);
        json_["refunds"] = std::move(refunds_);
        return json_.dump();
    }

private:
    void note_terms(const auto& event) {
        json_.erase("coupon");
        if (event.coupon) json_["coupon"] = *event.coupon;
        json_["quote"] = Json::parse(event.quote.text);
    }

    void note_refund(const events::RefundAsked& asked) {
        Json refund{
            {"refund_id", asked.refund_id},
            {"amount_cents", asked.amount_cents},
            {"reason", asked.reason},
            {"done", false}
        };
        for (const auto& line : asked.lines) {
            Json part{{"line", line.line}, {"amount_cents", line.amount_cents}};
            if (line.quantity != 0) part["quantity"] = line.quantity;
            refund["lines"].push_back(std::move(part));
        }
        refunds_.push_back(std::move(refund));
    }

    void note_shown(const char* name, const JsonText& what) {
        if (!what.empty()) payment_[name] = Json::parse(what.text);
    }

    Json json_;
    Json payment_ = Json::object();
    Json refunds_ = Json::array();
};

Json& step_named(Json& steps, const std::string& name, const std::string& key) {
    for (auto& step : steps) {
        if (step.at("step") == name && step.at("key") == key) return step;
    }
    steps.push_back({{"step", name}, {"key", key}});
    return steps.back();
}

/// Of a step as people name it: refunds have a step each.
const SagaStep* known(std::span<const SagaStep> steps, std::string_view name) {
    const auto found = std::ranges::find(steps, name, &SagaStep::name);
    return found == steps.end() ? nullptr : &*found;
}

}  // namespace

Result get_checkout(const ReadSide& reads, const TenantId& tenant, std::string_view id) {
    auto lease = reads.projections.read_model(checkouts_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), checkouts_model);
    const auto row = rows.find(tenant, id);
    if (!row) return std::unexpected(not_found(none));
    Details details(Json::parse(row->body));
    for (const auto& event : stream_of(reads, tenant, id, row->version)) {
        if (const auto own = events::decode<events::CheckoutEvent>(event)) details.take(*own);
    }
    Answer answer;
    answer.body = std::move(details).end();
    answer.version = row->version;
    answer.position = rows.position();
    return answer;
}

Result get_saga(
    const ReadSide& reads,
    const TenantId& tenant,
    std::string_view id,
    std::span<const SagaStep> steps,
    Language language
) {
    auto lease = reads.projections.read_model(checkouts_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), checkouts_model);
    if (!rows.find(tenant, id)) return std::unexpected(not_found(none));
    Json tries = Json::array();
    Json timers = Json::object();
    events::ProcessWaiting waiting;
    waiting.state = "open";
    Position position = rows.position();
    constexpr Version all = 1'000'000;
    const auto stream = stream_of(reads, tenant, id, all);
    for (const auto& event : stream) {
        position = std::max(position, event.position);
        const auto general = events::decode<events::ProcessEvent>(event);
        if (!general) continue;
        if (const auto* intended = std::get_if<events::ProcessEffectIntended>(&*general)) {
            auto& step = step_named(tries, intended->effect, intended->key);
            const auto* what = known(steps, intended->effect);
            const bool is_refund = intended->effect.starts_with("refund-");
            step["kind"] = what ? what->kind : is_refund ? "compensation" : "question";
            step["summary"] =
                language == Language::portuguese ? intended->summary_pt : intended->summary;
            step["state"] = "running";
            step["attempts"] = 1;
            step["intended_at"] = format_time(event.recorded_at);
            step["ended_at"] = nullptr;
            step["outcome"] = nullptr;
            step["compensation"] =
                what && !what->compensation.empty() ? Json(what->compensation) : Json();
        }
        if (const auto* put_off = std::get_if<events::ProcessEffectPutOff>(&*general)) {
            auto& step = step_named(tries, put_off->effect, put_off->key);
            step["state"] = put_off->unknown ? "unknown" : "waiting";
            step["attempts"] = put_off->attempts;
            step["next_at"] = format_time(put_off->until);
            step["problem"] = put_off->problem;
        }
        if (const auto* ended = std::get_if<events::ProcessEffectEnded>(&*general)) {
            auto& step = step_named(tries, ended->effect, ended->key);
            step["state"] = ended->outcome == events::effect_outcome::done ? "done" : "ended";
            step["attempts"] = ended->attempts;
            step["ended_at"] = format_time(event.recorded_at);
            step["outcome"] = ended->outcome;
            step.erase("next_at");
            step.erase("problem");
            if (!ended->problem.empty()) step["problem"] = ended->problem;
            const auto& detail =
                language == Language::portuguese ? ended->detail_pt : ended->detail;
            if (!detail.empty()) step["detail"] = detail;
        }
        if (const auto* set = std::get_if<events::ProcessTimerSet>(&*general))
            timers[set->timer] = format_time(set->due);
        if (const auto* cancelled = std::get_if<events::ProcessTimerCancelled>(&*general))
            timers.erase(cancelled->timer);
        if (const auto* fired = std::get_if<events::ProcessTimerFired>(&*general))
            timers.erase(fired->timer);
        if (const auto* told = std::get_if<events::ProcessWaiting>(&*general)) waiting = *told;
    }
    Json due;
    for (const auto& [timer, at] : timers.items()) {
        if (due.is_null() || at.get_ref<const std::string&>() < due.get_ref<const std::string&>())
            due = at;
    }
    for (const auto& step : tries) {
        const auto next = step.find("next_at");
        if (next != step.end() && (due.is_null() || next->get_ref<const std::string&>() <
                                                        due.get_ref<const std::string&>()))
            due = *next;
    }
    const auto& waits = language == Language::portuguese ? waiting.waits_for_pt : waiting.waits_for;
    Json json;
    json["checkout_id"] = id;
    json["state"] = waiting.state;
    json["steps"] = std::move(tries);
    json["waits_for"] = waits.empty() ? Json() : Json(waits);
    json["due_at"] = std::move(due);
    Answer answer;
    answer.body = json.dump();
    answer.position = position;
    answer.language = language;
    return answer;
}

}  // namespace vitrine::queries
