#include "commands/orders/import.hpp"

#include <map>

#include "commands/customers/area.hpp"
#include "commands/customers/customer.hpp"
#include "commands/customers/loaded.hpp"
#include "commands/engine/claims.hpp"
#include "commands/engine/conclusion.hpp"
#include "commands/engine/planned.hpp"
#include "commands/problem_of.hpp"
#include "events/codec.hpp"
#include "events/offers.hpp"
#include "store/append.hpp"

namespace vitrine::commands {
namespace {

using events::PersonText;

/// So many together: an append of a hundred kilobytes costs about what one of one does.
constexpr std::size_t customers_at_once = 512;
constexpr std::size_t orders_at_once = 512;
constexpr std::size_t lines_at_once = 8192;

constexpr const char* reference_kind = "reference";
constexpr const char* command_name = "ImportCustomer";

/// By which the customer is known here.
Claim claim_of(const FileCustomer& customer) {
    if (!customer.email.empty()) return email_claim(customer.email);
    return {reference_kind, customer.reference};
}

events::CustomerRegistered registered(const FileCustomer& from, const events::CustomerId& id) {
    events::CustomerRegistered customer;
    customer.customer_id = id;
    customer.source = "import";
    if (!from.email.empty()) {
        customer.email = PersonText(from.email);
    } else {
        customer.reference = PersonText(from.reference);
    }
    if (!from.name.empty()) customer.name = PersonText(from.name);
    if (!from.country.empty()) {
        events::Address address;
        address.country = PersonText(from.country);
        customer.address = std::move(address);
    }
    return customer;
}

std::string sentence_of(const store::AppendError& error) {
    const auto problem = problem_of(error);
    const std::string title(problem_type(problem.type).title.english);
    return problem.detail.empty() ? title : title + ": " + problem.detail.english();
}

class Import {
public:
    Import(
        const OrderRecording& recording,
        const Facts& facts,
        const OrderFile& file,
        const ImportHeard& heard,
        const std::function<bool()>& cancelled
    )
        : recording_(recording), facts_(facts), file_(file), heard_(heard), cancelled_(cancelled) {}

    std::expected<OrdersImported, std::string> run() {
        outcome_.lines = file_.lines();
        if (file_.lacks_currency()) read_currencies();
        if (const auto fault = take_customers()) return std::unexpected(*fault);
        if (const auto fault = take_orders()) return std::unexpected(*fault);
        return outcome_;
    }

private:
    using Fault = std::optional<std::string>;

    Fault cut_off() const {
        if (!cancelled_()) return std::nullopt;
        return "cut off; what was recorded stays, and the same file again goes on from there";
    }

    /// Of every offer, by its slug.
    void read_currencies() {
        store::Filter filter;
        filter.tenant = recording_.tenant;
        filter.types = {
            std::string(events::OfferCreated::event_type),
            std::string(events::OfferAdopted::event_type)
        };
        constexpr std::size_t page = 512;
        Position from = 1;
        while (true) {
            const auto events =
                recording_.store.read_all(from, filter, page, store::Direction::forwards);
            for (const auto& event : events) {
                const auto offer = events::decode<events::OfferEvent>(event);
                if (!offer) continue;
                if (const auto* created = std::get_if<events::OfferCreated>(&*offer))
                    currencies_[created->slug] = created->currency;
                if (const auto* adopted = std::get_if<events::OfferAdopted>(&*offer))
                    currencies_[adopted->slug] = adopted->currency;
            }
            if (events.size() < page) return;
            from = events.back().position + 1;
        }
    }

    std::string known(const FileCustomer& customer) const {
        const Claims claims{claim_of(customer)};
        return customer_with({recording_.store, facts_, recording_.tenant, claims}, claims.front());
    }

    Fault take_customers() {
        const auto& all = file_.customers();
        ids_.resize(all.size());
        std::vector<std::size_t> fresh;
        for (std::size_t i = 0; i < all.size(); ++i) {
            ids_[i] = events::CustomerId(known(all[i]));
            ++(ids_[i].empty() ? outcome_.new_customers : outcome_.known_customers);
            if (ids_[i].empty()) fresh.push_back(i);
            const bool full = fresh.size() == customers_at_once || i + 1 == all.size();
            if (recording_.dry_run || !full || fresh.empty()) continue;
            if (const auto fault = cut_off()) return fault;
            if (const auto fault = register_all(fresh)) return fault;
            fresh.clear();
        }
        return std::nullopt;
    }

    /// In one append; one by one where another writer was quicker with one of them.
    Fault register_all(const std::vector<std::size_t>& fresh) {
        auto appended = store::append_and_wait(recording_.store, append_of(fresh));
        if (appended) return std::nullopt;
        if (appended.error().kind != store::AppendError::Kind::claimed)
            return sentence_of(appended.error());
        for (const auto i : fresh) {
            const auto id = known(file_.customers()[i]);
            if (!id.empty()) {
                ids_[i] = events::CustomerId(id);
                --outcome_.new_customers;
                ++outcome_.known_customers;
                continue;
            }
            appended = store::append_and_wait(recording_.store, append_of({i}));
            if (!appended) return sentence_of(appended.error());
        }
        return std::nullopt;
    }

    store::Append append_of(const std::vector<std::size_t>& fresh) {
        store::Append all;
        all.tenant = recording_.tenant;
        store::ConcludeAll ends;
        const auto now = recording_.clock();
        for (const auto i : fresh) {
            const auto& customer = file_.customers()[i];
            ids_[i] = events::CustomerId(recording_.new_id());
            auto plan = new_plan(customer_entity, ids_[i].str(), 0);
            plan.answer = status_answer("active");
            plan.events = planned(CustomerEvents{registered(customer, ids_[i])});
            plan.claims = {claim_of(customer)};
            plan.person = ids_[i].str();
            store::CommandHead head;
            head.id = CommandId(recording_.new_id());
            head.name = command_name;
            head.principal = recording_.actor;
            head.correlation_id = recording_.correlation_id;
            head.traceparent = recording_.traceparent;
            head.stream = plan.stream;
            head.body = JsonText("{}");
            head.accepted_at = now;
            head.person = plan.person;
            auto one =
                done_at_once(plan, {recording_.tenant, head, head.accepted_at, recording_.new_id});
            all.streams.push_back(std::move(one.streams.front()));
            ends.commands.push_back(std::get<store::Conclude>(*std::move(one.journal)));
        }
        all.journal = std::move(ends);
        return all;
    }

    Fault take_orders() {
        const auto currency_of = [this](std::string_view slug) -> std::optional<std::string> {
            const auto known = currencies_.find(slug);
            return known == currencies_.end() ? std::nullopt : std::optional(known->second);
        };
        std::vector<events::OrderRecorded> batch;
        std::size_t lines = 0, done = 0;
        for (std::size_t i = 0; i < file_.orders(); ++i) {
            auto& order = batch.emplace_back(file_.order(i, currency_of));
            if (const auto buyer = file_.customer_of(i); buyer && !ids_[*buyer].empty())
                order.customer_id = ids_[*buyer];
            lines += file_.lines_of(i);
            const bool full = batch.size() == orders_at_once || lines >= lines_at_once;
            if (!full && i + 1 != file_.orders()) continue;
            if (const auto fault = cut_off()) return fault;
            const auto recorded = record_orders_and_wait(recording_, batch);
            if (!recorded) return sentence_of(recorded.error());
            outcome_.orders += *recorded;
            done += std::exchange(lines, 0);
            batch.clear();
            heard_(done, file_.lines());
        }
        return std::nullopt;
    }

    const OrderRecording& recording_;
    const Facts& facts_;
    const OrderFile& file_;
    const ImportHeard& heard_;
    const std::function<bool()>& cancelled_;
    std::map<std::string, std::string, std::less<>> currencies_;  // by slug
    std::vector<events::CustomerId> ids_;
    OrdersImported outcome_;
};

}  // namespace

std::expected<OrdersImported, std::string> import_orders(
    const OrderRecording& recording,
    const Facts& facts,
    const OrderFile& file,
    const ImportHeard& heard,
    const std::function<bool()>& cancelled
) {
    return Import(recording, facts, file, heard, cancelled).run();
}

}  // namespace vitrine::commands
