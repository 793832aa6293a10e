#pragma once

#include "commands/json_fwd.hpp"

namespace vitrine::commands {

/// A plan of the journal as this program would have written it. Rows of older programs lack what
/// they had no need to say: whose their steps are, where the answer's Location is. Pure.
Json as_written_today(Json plan);

}  // namespace vitrine::commands
