#include "events/projections.hpp"

namespace vitrine::events {

StreamName projection_stream(const std::string& name) {
    return StreamName("projection-" + name);
}

}  // namespace vitrine::events
