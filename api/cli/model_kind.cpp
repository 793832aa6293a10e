#include "api/cli/model_kind.hpp"

#include <algorithm>

namespace vitrine::api {
namespace {

constexpr const ModelKind* kinds[] = {&binary_kind, &customers_kind, &baskets_kind, &demand_kind};

}  // namespace

const ModelKind* find_model_kind(std::string_view name) {
    const auto found =
        std::ranges::find(kinds, name, [](const ModelKind* kind) { return kind->name; });
    return found == std::end(kinds) ? nullptr : *found;
}

std::string model_kind_names() {
    std::string names;
    for (const auto* kind : kinds) names += (names.empty() ? "" : ", ") + std::string(kind->name);
    return names;
}

}  // namespace vitrine::api
