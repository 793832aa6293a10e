#include "sandbox/keeping.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace vitrine::sandbox {
namespace {

std::string orders_line(const std::string& csv) {
    return R"({"orders":)" + json_string(csv) + '}';
}

bool could_begin_line(std::string_view torn) {
    constexpr std::array<std::string_view, 4> beginnings{
        R"({"put":")", R"({"erase":")", R"({"created":)", R"({"orders":")"
    };
    return std::ranges::any_of(beginnings, [torn](std::string_view beginning) {
        return torn.starts_with(beginning) || beginning.starts_with(torn);
    });
}

}  // namespace

Keeping::Keeping(World& world, std::string path, Journal::OnFailure on_failure) : world_(world) {
    journal_ = std::make_unique<Journal>(
        std::move(path),
        Journal::Reader{
            .take = [this](std::string_view line) { return apply(line); },
            .could_begin = could_begin_line,
        },
        std::move(on_failure)
    );
    write_anew();
    world_.state.on_change([this](std::string line) { journal_->append(std::move(line)); });
}

bool Keeping::apply(std::string_view line) {
    const auto change = Json::parse(line, nullptr, false);
    if (!change.is_object()) return false;
    const auto* csv = member(change, "orders");
    if (!csv) return world_.state.apply(change);
    if (!csv->is_string()) return false;
    orders_.push_back(csv->get<std::string>());
    return world_.orders.add_csv(orders_.back(), OrderBook::Header::optional).has_value();
}

void Keeping::write_anew() {
    std::size_t lines = orders_.size() + 1;
    for (std::size_t i = 0; i < kind_count; ++i) {
        lines += world_.state.table(static_cast<Kind>(i)).size();
    }
    if (journal_->lines() <= lines) return;
    journal_->replace([this](const Journal::WriteLine& write) {
        for (const auto& csv : orders_) write(orders_line(csv));
        world_.state.each_line(write);
    });
}

void Keeping::add_orders(std::string csv) {
    journal_->append(orders_line(csv));
    orders_.push_back(std::move(csv));
}

}  // namespace vitrine::sandbox
