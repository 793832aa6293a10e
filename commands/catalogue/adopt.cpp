#include "commands/catalogue/adopt.hpp"

#include "commands/catalogue/our_catalogue.hpp"
#include "commands/claims.hpp"
#include "commands/conclusion.hpp"
#include "commands/offers/offer.hpp"
#include "commands/planned.hpp"
#include "commands/problem_of.hpp"
#include "commands/products/product.hpp"
#include "commands/refusals.hpp"
#include "core/async.hpp"
#include "gateways/clubify/catalogue.hpp"

namespace vitrine::commands {
namespace {

using boost::asio::awaitable;
using clubify::CatalogueOffer;
using clubify::CatalogueProduct;

events::ProductAdopted event_of(const CatalogueProduct& product, const ProductId& id) {
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

events::OfferProduct line_of(const clubify::OfferProduct& from, const OurCatalogue& ours) {
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

events::OfferAdopted event_of(
    const CatalogueOffer& offer, const OfferId& id, const OurCatalogue& ours
) {
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
std::string fault_of(const Claim& claim) {
    return taken(claim).detail.english();
}

std::string fault_of(const store::AppendError& error) {
    if (error.kind == store::AppendError::Kind::reserved)
        return fault_of(error.reservation.value());
    const auto problem = problem_of(error);
    return problem.detail.empty() ? std::string(problem_type(problem.type).title.english)
                                  : problem.detail.english();
}

class Adopting {
public:
    Adopting(CatalogueTools tools, AdoptionRequest request, AdoptionHeard heard)
        : tools_(std::move(tools)), request_(std::move(request)), heard_(std::move(heard)) {
        report_.dry_run = request_.dry_run;
        if (request_.correlation_id.empty())
            request_.correlation_id = CorrelationId(tools_.new_id());
    }

    awaitable<std::expected<AdoptionReport, Problem>> run() {
        auto account = tools_.accounts(request_.tenant);
        if (!account) {
            co_return std::unexpected(problem_named("clubify-credentials", no_credentials()));
        }
        ours_ = our_catalogue(tools_.store, request_.tenant);
        for (int page = 1;; ++page) {
            const auto found = co_await clubify::product_page(tools_.clubify, *account, page);
            if (!found) co_return std::unexpected(stopped(found.error()));
            for (const auto& product : found->items) co_await adopt_product(product);
            note_unreadable("product", found->unreadable, report_.products);
            heard_(report_);
            if (found->last) break;
        }
        for (int page = 1;; ++page) {
            const auto found = co_await clubify::offer_page(tools_.clubify, *account, page);
            if (!found) co_return std::unexpected(stopped(found.error()));
            for (const auto& offer : found->items) co_await adopt_offer(offer);
            note_unreadable("offer", found->unreadable, report_.offers);
            heard_(report_);
            if (found->last) break;
        }
        co_return std::move(report_);
    }

private:
    /// A command here made it, and is not yet through with it.
    bool is_under_way(const clubify::Mark& mark) const {
        if (mark.command_id.empty()) return false;
        const auto record =
            tools_.store.journal().find(request_.tenant, CommandId(mark.command_id));
        return record && record->state != store::CommandState::done;
    }

    awaitable<void> adopt_product(CatalogueProduct product) {
        if (ours_.products.contains(product.id) || is_under_way(product.mark)) {
            ++report_.products.known;
            co_return;
        }
        const ProductId id(tools_.new_id());
        auto plan = plan_for("product", id.str(), events::stream_of(id), 0);
        plan.answer = status_answer("active");
        plan.events = planned(ProductEvents{event_of(product, id)}, "");
        if (product.sku && !product.sku->empty()) plan.claims = {{"sku", *product.sku}};
        AdoptionItem item{"product", id.str(), product.id, product.name, {}};
        co_await record(std::move(plan), "AdoptProduct", std::move(item), &report_.products);
        if (report_.items.back().fault.empty()) ours_.products.emplace(product.id, id);
    }

    awaitable<void> adopt_offer(CatalogueOffer offer) {
        if (ours_.offers.contains(offer.id) || is_under_way(offer.mark)) {
            ++report_.offers.known;
            co_return;
        }
        const OfferId id(tools_.new_id());
        auto plan = plan_for("offer", id.str(), events::stream_of(id), 0);
        plan.answer = status_answer(offer.status);
        plan.events = planned(OfferEvents{event_of(offer, id, ours_)}, "");
        plan.claims = {{"slug", offer.slug}};
        AdoptionItem item{"offer", id.str(), offer.id, offer.name, {}};
        co_await record(std::move(plan), "AdoptOffer", std::move(item), &report_.offers);
    }

    /// One commit: the event, what it claims and the answer; or, in a dry run, nothing.
    awaitable<void> record(
        Plan plan, const char* command, AdoptionItem item, AdoptionReport::Counts* counts
    ) {
        if (request_.dry_run) {
            item.id.clear();
            for (const auto& claim : plan.claims) {
                if (tools_.store.journal().holder(request_.tenant, claim))
                    item.fault = fault_of(claim);
            }
        } else {
            auto append = append_of(plan, command);
            const auto appended = co_await wait_for_completion<store::AppendResult>(
                [this, &append](Completion<store::AppendResult> done) {
                    tools_.store.append(std::move(append), std::move(done));
                }
            );
            if (!appended) {
                item.id.clear();
                item.fault = fault_of(appended.error());
            }
        }
        ++(item.fault.empty() ? counts->adopted : counts->failed);
        report_.items.push_back(std::move(item));
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
        return done_at_once(plan, {request_.tenant, head, head.accepted_at, tools_.new_id});
    }

    void note_unreadable(
        const char* entity,
        const std::vector<std::string>& unreadable,
        AdoptionReport::Counts& counts
    ) {
        for (const auto& id : unreadable) {
            ++counts.failed;
            report_.items.push_back(
                {entity, "", ClubifyId(id), "", "what the platform says of it cannot be understood"}
            );
        }
    }

    /// What was adopted so far stays.
    Problem stopped(const clubify::CallError& error) const {
        auto problem = problem_of(error);
        const auto adopted = report_.products.adopted + report_.offers.adopted;
        if (adopted != 0 && !request_.dry_run) {
            problem.detail += phrase(
                " ({} adopted so far; ask again to go on)",
                " ({} adotados até agora; peça de novo para continuar)",
                adopted
            );
        }
        return problem;
    }

    CatalogueTools tools_;
    AdoptionRequest request_;
    AdoptionHeard heard_;
    OurCatalogue ours_;
    AdoptionReport report_;
};

awaitable<std::expected<AdoptionReport, Problem>> run(std::shared_ptr<Adopting> adopting) {
    co_return co_await adopting->run();
}

}  // namespace

awaitable<std::expected<AdoptionReport, Problem>> adopt(
    CatalogueTools tools, AdoptionRequest request, AdoptionHeard heard
) {
    return run(std::make_shared<Adopting>(std::move(tools), std::move(request), std::move(heard)));
}

}  // namespace vitrine::commands
