#pragma once

#include <boost/mp11/list.hpp>
#include <variant>

namespace vitrine::events {

/// The structs that events of an aggregate are.
template <class Events>
struct StructsOf {
    using type = boost::mp11::mp_list<Events>;
};
template <class... Structs>
struct StructsOf<std::variant<Structs...>> {
    using type = boost::mp11::mp_list<Structs...>;
};
template <class Events>
using structs_of = typename StructsOf<Events>::type;

}  // namespace vitrine::events
