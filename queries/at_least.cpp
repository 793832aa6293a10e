#include "queries/at_least.hpp"

#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

boost::asio::awaitable<std::optional<QueryError>> wait(
    const ReadSide* reads,
    std::string model,
    Position position,
    std::chrono::steady_clock::time_point deadline
) {
    if (reads->projections.read_model(model).position() >= position) co_return std::nullopt;
    const bool reached = co_await reads->projections.wait_until(model, position, deadline);
    if (reached) co_return std::nullopt;
    auto error = not_ready();
    error.detail = phrase(
        "the read model {} has not reached that position yet",
        "a visão de leitura {} ainda não chegou a essa posição",
        model
    );
    co_return error;
}

}  // namespace

std::expected<Position, QueryError> read_at_least(
    const ReadSide& reads, std::string_view at_least
) {
    const auto position = parse_number(at_least);
    if (!position) {
        return std::unexpected(invalid(
            {{"/at_least",
              "invalid",
              {"at_least is a position: a whole number", "at_least é uma posição: um número inteiro"
              }}}
        ));
    }
    if (*position > reads.store.head()) {
        return std::unexpected(invalid(
            {{"/at_least",
              "out_of_range",
              {"at_least is above the last position", "at_least está acima da última posição"}}}
        ));
    }
    return *position;
}

boost::asio::awaitable<std::optional<QueryError>> wait_for_position(
    const ReadSide& reads,
    std::string model,
    Position position,
    std::chrono::steady_clock::time_point deadline
) {
    return wait(&reads, std::move(model), position, deadline);
}

}  // namespace vitrine::queries
