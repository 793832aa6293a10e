#include "commands/adoption/adopt.hpp"

#include <set>

#include "commands/adoption/adopted_customer.hpp"
#include "commands/adoption/adopted_order.hpp"
#include "commands/adoption/our_ids.hpp"
#include "commands/customers/area.hpp"
#include "commands/customers/customer.hpp"
#include "commands/customers/loaded.hpp"
#include "commands/engine/claims.hpp"
#include "commands/engine/conclusion.hpp"
#include "commands/engine/planned.hpp"
#include "commands/offers/area.hpp"
#include "commands/offers/offer.hpp"
#include "commands/orders/record.hpp"
#include "commands/problem_of.hpp"
#include "commands/products/area.hpp"
#include "commands/products/product.hpp"
#include "gateways/clubify/listed.hpp"
#include "gateways/clubify/refusals.hpp"
#include "store/append.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

using boost::asio::awaitable;
using clubify::ListedOffer;
using clubify::ListedProduct;

events::ProductAdopted event_of(const ListedProduct& product, const ProductId& id) {
    events::ProductAdopted event;
    event.product_id = id;
    event.clubify_product_id = product.id;
    event.name = product.name;
    event.type = product.type;
    event.description = product.description;
    event.price_cents = product.price_cents;
    event.currency = product.currency;
    event.sku = product.sku;
    event.metadata = product.metadata;
    return event;
}

events::OfferProduct line_of(const clubify::OfferProduct& from, const OurIds& ours) {
    events::OfferProduct line;
    if (const auto known = ours.products.find(from.product); known != ours.products.end())
        line.product_id = known->second;
    line.clubify_product_id = from.product;
    line.quantity = from.quantity;
    line.position = from.position;
    line.required = from.required;
    line.price_cents = from.price_cents;
    if (from.discount) line.discount = events::Discount{from.discount->type, from.discount->value};
    line.rules = from.rules;
    return line;
}

events::OfferAdopted event_of(const ListedOffer& offer, const OfferId& id, const OurIds& ours) {
    events::OfferAdopted event;
    event.offer_id = id;
    event.clubify_offer_id = offer.id;
    event.name = offer.name;
    event.slug = offer.slug;
    event.type = offer.type;
    event.status = offer.status;
    event.description = offer.description;
    event.currency = offer.currency;
    for (const auto& product : offer.products) event.products.push_back(line_of(product, ours));
    event.configuration = {offer.settings, offer.theme, offer.layout, offer.seo, offer.tracking};
    event.metadata = offer.metadata;
    return event;
}

/// The key is another's.
Phrase fault_of(const Claim& claim) {
    const auto& kind = claim.kind == sku_kind.name         ? sku_kind
                       : claim.kind == email_kind.name     ? email_kind
                       : claim.kind == reference_kind.name ? reference_kind
                                                           : slug_kind;
    return taken(kind, claim).detail;
}

Phrase fault_of(const store::AppendError& error) {
    if (error.kind == store::AppendError::Kind::claimed) return fault_of(error.claim.value());
    const auto problem = problem_of(error);
    return problem.detail.empty() ? Phrase(problem_type(problem.type).title) : problem.detail;
}

class Adopting {
public:
    Adopting(AdoptionTools tools, AdoptionRequest request, AdoptionHeard heard)
        : tools_(std::move(tools)), request_(std::move(request)), heard_(std::move(heard)) {
        report_.dry_run = request_.dry_run;
        if (request_.correlation_id.empty())
            request_.correlation_id = CorrelationId(tools_.new_id());
    }

    awaitable<std::expected<AdoptionReport, Problem>> run() {
        auto account = tools_.accounts(request_.tenant);
        if (!account) {
            co_return std::unexpected(
                problem_named("clubify-credentials", clubify::no_credentials())
            );
        }
        ours_ = co_await store::read(tools_.store, [this] {
            return our_ids(tools_.store, request_.tenant);
        });
        for (int page = 1; request_.only.products; ++page) {
            const auto found = co_await clubify::product_page(tools_.clubify, *account, page);
            if (!found) co_return std::unexpected(stopped(found.error()));
            for (const auto& product : found->items) co_await adopt_product(product);
            note_unreadable("product", found->unreadable, report_.products);
            heard_(report_);
            if (found->last) break;
        }
        for (int page = 1; request_.only.offers; ++page) {
            const auto found = co_await clubify::offer_page(tools_.clubify, *account, page);
            if (!found) co_return std::unexpected(stopped(found.error()));
            for (const auto& offer : found->items) co_await adopt_offer(offer);
            note_unreadable("offer", found->unreadable, report_.offers);
            heard_(report_);
            if (found->last) break;
        }
        for (int page = 1; request_.only.customers; ++page) {
            const auto found = co_await clubify::customer_page(tools_.clubify, *account, page);
            if (!found) co_return std::unexpected(stopped(found.error()));
            for (const auto& customer : found->items) co_await adopt_customer(customer);
            note_unreadable("customer", found->unreadable, report_.customers);
            heard_(report_);
            if (found->last) break;
        }
        for (int page = 1; request_.only.orders; ++page) {
            const auto found = co_await clubify::order_page(tools_.clubify, *account, page);
            if (!found) co_return std::unexpected(stopped(found.error()));
            const auto recorded = co_await adopt_orders(found->items);
            if (!recorded) co_return std::unexpected(stopped(problem_of(recorded.error())));
            note_unreadable("order", found->unreadable, report_.orders);
            heard_(report_);
            if (found->last) break;
        }
        co_return std::move(report_);
    }

private:
    /// A command here made it, and is not yet through with it.
    awaitable<bool> is_under_way(clubify::Mark mark) const {
        if (mark.command_id.empty()) co_return false;
        const auto record = co_await store::read(tools_.store, [&] {
            return tools_.store.journal().find(request_.tenant, CommandId(mark.command_id));
        });
        co_return record && record->state != store::CommandState::done;
    }

    awaitable<void> adopt_product(ListedProduct product) {
        if (ours_.products.contains(product.id) || co_await is_under_way(product.mark)) {
            ++report_.products.known;
            co_return;
        }
        const ProductId id(tools_.new_id());
        auto plan = new_plan(product_entity, id.str(), 0);
        plan.answer = status_answer("active");
        plan.events = planned(ProductEvents{event_of(product, id)});
        if (product.sku && !product.sku->empty()) plan.claims = {sku_claim(*product.sku)};
        AdoptionItem item{"product", id.str(), product.id, product.name, {}};
        co_await record(std::move(plan), "AdoptProduct", std::move(item), &report_.products);
        if (report_.items.back().fault.empty()) ours_.products.emplace(product.id, id);
    }

    awaitable<void> adopt_offer(ListedOffer offer) {
        if (ours_.offers.contains(offer.id) || co_await is_under_way(offer.mark)) {
            ++report_.offers.known;
            co_return;
        }
        const OfferId id(tools_.new_id());
        auto plan = new_plan(offer_entity, id.str(), 0);
        plan.answer = status_answer(offer.status);
        plan.events = planned(OfferEvents{event_of(offer, id, ours_)});
        plan.claims = {{std::string(slug_kind.name), offer.slug}};
        AdoptionItem item{"offer", id.str(), offer.id, offer.name, {}};
        co_await record(std::move(plan), "AdoptOffer", std::move(item), &report_.offers);
    }

    awaitable<void> adopt_customer(clubify::ListedCustomer customer) {
        if (customer.status == "deleted") co_return;
        if (ours_.customers.contains(customer.id) || co_await is_under_way(customer.mark)) {
            ++report_.customers.known;
            co_return;
        }
        const events::CustomerId id(tools_.new_id());
        AdoptionItem item{"customer", id.str(), customer.id, customer.name, {}};
        auto registered = adopted_customer(customer, id);
        if (!registered) {
            note_fault(std::move(item), registered.error(), report_.customers);
            co_return;
        }
        const auto claim = registered->email ? email_claim(registered->email->text())
                                             : reference_claim(registered->reference->text());
        const auto holder =
            co_await store::read(tools_.store, [&] { return unlinked_holder(claim); });
        Plan plan;
        if (holder) {
            events::CustomerChanged changed;
            changed.customer_id = holder->id;
            changed.clubify_customer_id = customer.id;
            item.id = holder->id.str();
            plan = new_plan(customer_entity, item.id, holder->version);
            plan.events = planned(CustomerEvents{changed});
        } else {
            plan = new_plan(customer_entity, item.id, 0);
            plan.events = planned(CustomerEvents{*registered});
            plan.claims = {claim};
        }
        plan.answer = status_answer("active");
        plan.person = item.id;
        const auto ours = events::CustomerId(item.id);
        co_await record(std::move(plan), "AdoptCustomer", std::move(item), &report_.customers);
        if (report_.items.back().fault.empty()) ours_.customers.emplace(customer.id, ours);
    }

    /// Who was imported under that address or reference, and is not known to be on the platform.
    /// Where reads may block.
    std::optional<CustomerState> unlinked_holder(const Claim& claim) const {
        auto& journal = tools_.store.journal();
        const auto holder = journal.holder(request_.tenant, claim);
        const auto row = holder ? journal.find(request_.tenant, *holder) : std::nullopt;
        if (!row) return std::nullopt;
        auto state = load_customer(
            tools_.store, request_.tenant, std::string(events::id_of(row->head.stream))
        );
        if (!state.is_known() || state.clubify_id) return std::nullopt;
        return state;
    }

    /// A page of them, in one commit.
    awaitable<std::expected<void, store::AppendError>> adopt_orders(
        std::vector<clubify::ListedOrder> page
    ) {
        std::vector<events::OrderRecorded> orders;
        std::set<std::string> ids;
        for (const auto& order : page) {
            if (!ids.insert(order.id).second) continue;  // one that moved while pages were read
            auto adopted = adopted_order(order, ours_);
            if (adopted) {
                orders.push_back(*std::move(adopted));
            } else {
                note_fault(
                    {"order", "", ClubifyId(order.id), order.id, {}},
                    adopted.error(),
                    report_.orders
                );
            }
        }
        const auto recorded = co_await record_orders(
            {tools_.store,
             request_.tenant,
             tools_.clock,
             tools_.new_id,
             request_.principal,
             request_.correlation_id,
             request_.traceparent,
             request_.dry_run},
            std::move(orders)
        );
        if (!recorded) co_return std::unexpected(recorded.error());
        report_.orders.adopted += recorded->added;
        report_.orders.known += recorded->known;
        report_.changed_orders += recorded->changed;
        co_return std::expected<void, store::AppendError>();
    }

    void note_fault(AdoptionItem item, const Phrase& why, AdoptionReport::Counts& counts) {
        item.id.clear();
        item.fault = why;
        ++counts.failed;
        report_.items.push_back(std::move(item));
    }

    /// One commit: the event, what it claims and the answer; or, in a dry run, nothing.
    awaitable<void> record(
        Plan plan, const char* command, AdoptionItem item, AdoptionReport::Counts* counts
    ) {
        if (request_.dry_run) {
            item.id.clear();
            item.fault = co_await store::read(tools_.store, [&] { return fault_of_claims(plan); });
        } else {
            const auto appended = co_await store::append_to(tools_.store, append_of(plan, command));
            if (!appended) {
                item.id.clear();
                item.fault = fault_of(appended.error());
            }
        }
        ++(item.fault.empty() ? counts->adopted : counts->failed);
        report_.items.push_back(std::move(item));
    }

    /// The last of them that is another's. Where reads may block.
    Phrase fault_of_claims(const Plan& plan) const {
        Phrase fault;
        for (const auto& claim : plan.claims) {
            if (tools_.store.journal().holder(request_.tenant, claim)) fault = fault_of(claim);
        }
        return fault;
    }

    store::Append append_of(const Plan& plan, const char* command) const {
        store::CommandHead head;
        head.id = CommandId(tools_.new_id());
        head.name = command;
        head.principal = request_.principal;
        head.correlation_id = request_.correlation_id;
        head.traceparent = request_.traceparent;
        head.stream = plan.stream;
        head.body = JsonText("{}");
        head.accepted_at = tools_.clock();
        head.person = plan.person;
        return done_at_once(plan, {request_.tenant, head, head.accepted_at, tools_.new_id});
    }

    void note_unreadable(
        const char* entity,
        const std::vector<std::string>& unreadable,
        AdoptionReport::Counts& counts
    ) {
        const Phrase why{
            "what the platform says of it cannot be understood",
            "não se entende o que a plataforma diz disto"
        };
        for (const auto& id : unreadable)
            note_fault({entity, "", ClubifyId(id), "", {}}, why, counts);
    }

    /// What was adopted so far stays.
    Problem stopped(const clubify::CallError& error) const { return stopped(problem_of(error)); }

    Problem stopped(Problem problem) const {
        const auto adopted = report_.products.adopted + report_.offers.adopted +
                             report_.customers.adopted + report_.orders.adopted;
        if (adopted != 0 && !request_.dry_run) {
            problem.detail += phrase(
                " ({} adopted so far; ask again to go on)",
                " ({} adotados até agora; peça de novo para continuar)",
                adopted
            );
        }
        return problem;
    }

    AdoptionTools tools_;
    AdoptionRequest request_;
    AdoptionHeard heard_;
    OurIds ours_;
    AdoptionReport report_;
};

awaitable<std::expected<AdoptionReport, Problem>> run(std::shared_ptr<Adopting> adopting) {
    co_return co_await adopting->run();
}

}  // namespace

std::expected<AdoptionKinds, Phrase> adoption_kinds(std::string_view text) {
    if (text.empty()) return AdoptionKinds();
    AdoptionKinds kinds{false, false, false, false};
    while (!text.empty()) {
        const auto name = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), name.size() + 1));
        if (name == "products") {
            kinds.products = true;
        } else if (name == "offers") {
            kinds.offers = true;
        } else if (name == "customers") {
            kinds.customers = true;
        } else if (name == "orders") {
            kinds.orders = true;
        } else {
            return std::unexpected(Phrase(
                "only is a list of products, offers, customers, orders",
                "only é uma lista de products, offers, customers, orders"
            ));
        }
    }
    return kinds;
}

awaitable<std::expected<AdoptionReport, Problem>> adopt(
    AdoptionTools tools, AdoptionRequest request, AdoptionHeard heard
) {
    return run(std::make_shared<Adopting>(std::move(tools), std::move(request), std::move(heard)));
}

}  // namespace vitrine::commands
