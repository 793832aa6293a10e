#include "gateways/clubify/clubify.hpp"

#include "gateways/clubify/decode.hpp"
#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/peer.hpp"
#include "gateways/clubify/question.hpp"
#include "gateways/rest/caller.hpp"
#include "gateways/rest/peers.hpp"

namespace vitrine::clubify {
namespace {

constexpr std::size_t page_size = 100;

Call look_up(std::string path) {
    auto call = get_call(std::move(path));
    call.fresh = true;
    return call;
}

/// A period by name, or the first and the last day of one, "2011-04-01/2011-04-30".
std::string period_parameters(std::string_view period) {
    const auto slash = period.find('/');
    if (slash == std::string_view::npos) return "period=" + net::percent_encode(period);
    return "date_from=" + net::percent_encode(period.substr(0, slash)) +
           "&date_to=" + net::percent_encode(period.substr(slash + 1));
}

}  // namespace

struct Clubify::Impl {
    std::string user_agent;
    std::shared_ptr<rest::Caller> caller;
    rest::Peers<ClubifyPeer> peers;
};

Clubify::Clubify(asio::any_io_executor loop, Options options, Clock clock)
    : impl_(std::make_unique<Impl>(
          options.user_agent,
          std::make_shared<rest::Caller>(std::move(loop), options, std::move(clock))
      )) {}

Clubify::~Clubify() {
    close();
}

std::vector<TenantCalls> Clubify::calls() const {
    return impl_->caller->calls();
}

void Clubify::close() {
    impl_->caller->close();
}

asio::awaitable<Result<Answer>> Clubify::send(
    Account account, Call call, std::chrono::milliseconds deadline
) {
    auto peer = impl_->peers.of(account, impl_->user_agent);
    return rest::Caller::send(impl_->caller, std::move(peer), std::move(call), deadline);
}

// The look-ups of commands wait by the thousand: the call is made in a statement of its own, so
// that its arguments are not kept in the frame that waits.
asio::awaitable<Result<std::optional<RemoteOffer>>> Clubify::find_offer_by_slug(
    Account account, std::string slug
) {
    auto asking = send(std::move(account), look_up("/offers/slug/" + net::percent_encode(slug)));
    const auto answer = co_await std::move(asking);
    co_return found<RemoteOffer>(answer, read_offer);
}

asio::awaitable<Result<std::optional<RemoteOffer>>> Clubify::find_offer(
    Account account, ClubifyId id
) {
    auto asking = send(std::move(account), look_up("/offers/" + net::percent_encode(id.view())));
    const auto answer = co_await std::move(asking);
    co_return found<RemoteOffer>(answer, read_offer);
}

asio::awaitable<Result<std::optional<RemoteProduct>>> Clubify::find_product(
    Account account, ClubifyId id
) {
    auto asking = send(std::move(account), look_up("/products/" + net::percent_encode(id.view())));
    const auto answer = co_await std::move(asking);
    co_return found<RemoteProduct>(answer, read_product);
}

asio::awaitable<Result<ProductPage>> Clubify::list_products(Account account, int page) {
    auto call =
        look_up("/products?page=" + std::to_string(page) + "&limit=" + std::to_string(page_size));
    auto asking = send(std::move(account), std::move(call));
    const auto answer = co_await std::move(asking);
    co_return understood<ProductPage>(answer, [page](const JsonText& body) {
        return read_product_page(body, page, page_size);
    });
}

asio::awaitable<Result<OfferStats>> Clubify::offer_stats(
    Account account,
    ClubifyId id,
    std::string period,
    std::vector<std::string> include,
    std::chrono::milliseconds deadline
) {
    auto call = get_call(
        "/offers/" + net::percent_encode(id.view()) + "/stats?" + period_parameters(period)
    );
    if (!include.empty()) call.path += "&include=" + comma_list(include);
    const auto answer = co_await send(std::move(account), std::move(call), deadline);
    co_return understood<OfferStats>(answer, read_stats);
}

asio::awaitable<Result<std::map<ClubifyId, OfferStats>>> Clubify::offers_stats(
    Account account,
    std::vector<ClubifyId> ids,
    std::string period,
    std::chrono::milliseconds deadline
) {
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    for (const ClubifyId& id : ids) texts.push_back(id.str());
    auto call =
        get_call("/offers/stats?ids=" + comma_list(texts) + '&' + period_parameters(period));
    const auto answer = co_await send(std::move(account), std::move(call), deadline);
    co_return understood<std::map<ClubifyId, OfferStats>>(answer, read_stats_by_offer);
}

asio::awaitable<Result<CheckoutUrl>> Clubify::generate_url(
    Account account, ClubifyId id, UtmParams utm, std::chrono::milliseconds deadline
) {
    JsonWriter params;
    params.text_if("source", utm.source)
        .text_if("medium", utm.medium)
        .text_if("campaign", utm.campaign)
        .text_if("term", utm.term)
        .text_if("content", utm.content);
    JsonWriter body;
    body.json("utmParams", params.done().text);
    Call call;
    call.method = "POST";
    call.path = "/offers/" + net::percent_encode(id.view()) + "/generate-url";
    call.body = body.done();
    const auto answer = co_await send(std::move(account), std::move(call), deadline);
    co_return understood<CheckoutUrl>(answer, read_checkout_url);
}

asio::awaitable<Result<Answer>> Clubify::check(
    Account account, std::chrono::milliseconds deadline
) {
    auto answer = co_await send(std::move(account), get_call("/health"), deadline);
    if (!answer) co_return answer;
    const std::string status = read_health(answer->body);
    if (status == "ok" || status == "healthy") co_return answer;
    CallError unwell;
    unwell.kind = CallError::Kind::unavailable;
    unwell.status = answer->status;
    unwell.message = {"the platform says that it is not well", "a plataforma diz que não está bem"};
    co_return std::unexpected(std::move(unwell));
}

}  // namespace vitrine::clubify
