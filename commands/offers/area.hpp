#pragma once

#include "commands/engine/definition.hpp"

namespace vitrine::commands {

inline constexpr Entity offer_entity{
    .name = "offer", .collection = "/v1/offers", .this_one = {"offer", "esta oferta"}
};

inline constexpr ClaimKind slug_kind{
    .name = "slug",
    .noun = {"slug", "slug"},
    .problem = "slug-taken",
    .owner = {"another offer", "outra oferta"}
};

}  // namespace vitrine::commands
