#include "gateways/clubify/clubify.hpp"

#include "gateways/clubify/caller.hpp"
#include "gateways/clubify/decode.hpp"
#include "gateways/clubify/json_writer.hpp"

namespace vitrine::clubify {
namespace {

constexpr std::size_t page_size = 100;

Call get(std::string path) {
    Call call;
    call.method = "GET";
    call.path = std::move(path);
    return call;
}

Call look_up(std::string path) {
    auto call = get(std::move(path));
    call.fresh = true;
    return call;
}

std::string encoded(const ClubifyId& id) {
    return net::percent_encode(id.view());
}

std::unexpected<CallError> not_understood(const Answer& answer) {
    CallError error;
    error.kind = CallError::Kind::unknown;
    error.status = answer.status;
    error.message = "the answer lacks what it should tell";
    return std::unexpected(std::move(error));
}

/// The answer as what it says; without an answer, or with one that does not say it, the error.
template <class T, class Read>
Result<T> understood(const Result<Answer>& answer, Read read) {
    if (!answer) return std::unexpected(answer.error());
    if (auto value = read(answer->body)) return std::move(*value);
    return not_understood(*answer);
}

/// The same for a look-up, where "404" is an answer too.
template <class T, class Read>
Result<std::optional<T>> found(const Result<Answer>& answer, Read read) {
    if (!answer && answer.error().status == 404) return std::optional<T>();
    return understood<std::optional<T>>(answer, [&read](const JsonText& body) {
        auto value = read(body);
        return value ? std::optional(std::move(value)) : std::nullopt;
    });
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += ',';
        text += net::percent_encode(part);
    }
    return text;
}

}  // namespace

class Clubify::Impl : public Caller {
public:
    using Caller::Caller;
};

Clubify::Clubify(asio::any_io_executor loop, Options options, Clock clock)
    : impl_(std::make_shared<Impl>(std::move(loop), std::move(options), std::move(clock))) {}

Clubify::~Clubify() {
    impl_->close();
}

std::vector<TenantCalls> Clubify::calls() const {
    return impl_->calls();
}

void Clubify::close() {
    impl_->close();
}

asio::awaitable<Result<Answer>> Clubify::send(Account account, Call call) {
    return Caller::send(impl_, std::move(account), std::move(call), {});
}

asio::awaitable<Result<std::optional<RemoteOffer>>> Clubify::find_offer_by_slug(
    Account account, std::string slug
) {
    auto call = look_up("/offers/slug/" + net::percent_encode(slug));
    const auto answer = co_await send(std::move(account), std::move(call));
    co_return found<RemoteOffer>(answer, read_offer);
}

asio::awaitable<Result<std::optional<RemoteOffer>>> Clubify::find_offer(
    Account account, ClubifyId id
) {
    const auto answer = co_await send(std::move(account), look_up("/offers/" + encoded(id)));
    co_return found<RemoteOffer>(answer, read_offer);
}

asio::awaitable<Result<std::optional<RemoteProduct>>> Clubify::find_product(
    Account account, ClubifyId id
) {
    const auto answer = co_await send(std::move(account), look_up("/products/" + encoded(id)));
    co_return found<RemoteProduct>(answer, read_product);
}

asio::awaitable<Result<ProductPage>> Clubify::list_products(Account account, int page) {
    auto call =
        look_up("/products?page=" + std::to_string(page) + "&limit=" + std::to_string(page_size));
    const auto answer = co_await send(std::move(account), std::move(call));
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
    auto call = get("/offers/" + encoded(id) + "/stats?period=" + net::percent_encode(period));
    if (!include.empty()) call.path += "&include=" + joined(include);
    const auto answer = co_await Caller::send(impl_, std::move(account), std::move(call), deadline);
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
        get("/offers/stats?ids=" + joined(texts) + "&period=" + net::percent_encode(period));
    const auto answer = co_await Caller::send(impl_, std::move(account), std::move(call), deadline);
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
    call.path = "/offers/" + encoded(id) + "/generate-url";
    call.body = body.done();
    const auto answer = co_await Caller::send(impl_, std::move(account), std::move(call), deadline);
    co_return understood<CheckoutUrl>(answer, read_checkout_url);
}

asio::awaitable<Result<Answer>> Clubify::check(
    Account account, std::chrono::milliseconds deadline
) {
    auto answer = co_await Caller::send(impl_, std::move(account), get("/health"), deadline);
    if (!answer) co_return answer;
    const std::string status = read_health(answer->body);
    if (status == "ok" || status == "healthy") co_return answer;
    CallError unwell;
    unwell.kind = CallError::Kind::unavailable;
    unwell.status = answer->status;
    unwell.message = "the platform says that it is not well";
    co_return std::unexpected(std::move(unwell));
}

}  // namespace vitrine::clubify
