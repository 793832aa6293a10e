#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

constexpr const char* header =
    "order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status,"
    "customer,name,email,country,discount_cents,shipping_cents,payment_method,currency\n";

/// A seller with the offer "mug", and what the CSV tells of three orders and two customers.
struct Shop {
    Shop() : seller(sandbox, tenant_a), offer(seller.offer("mug")) {
        const auto added = sandbox.control(
            "POST",
            "orders",
            std::string(header) +
                "o1,2011-03-01T10:00:00Z,mug,p1,2,1000,mail,m,c,completed,"
                "17850,Ana,Ana@x.br,BR,100,250,pix,USD\n"
                "o1,2011-03-01T10:00:00Z,mug,p2,1,500,mail,m,c,completed,17850,,,,,,,\n"
                "o2,2011-03-02T10:00:00Z,mug,p1,1,700,direct,,,cancelled,17850,,,,,,,\n"
                "o3,2011-03-03T10:00:00Z,mug,p1,1,300,direct,,,completed,,Bob,bob@x.br,,,,,\n"
                "o4,2011-03-03T10:00:00Z,cup,p1,1,900,direct,,,completed,,Eve,eve@x.br,,,,,\n"
                "o5,2011-03-04T10:00:00Z,mug,p1,1,50,direct,,,completed,,,,,,,,\n"
        );
        REQUIRE(added.json.at("added") == 6);
    }

    std::vector<std::string> ids(const std::string& path) {
        std::vector<std::string> found;
        for (const auto& item : seller.get(path).json.at("data")) found.push_back(item.at("_id"));
        return found;
    }

    Sandbox sandbox;
    Seller seller;
    std::string offer;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("orders of the CSV are listed to whoever has the offer, page by page") {
    Shop shop;
    CHECK(shop.ids("/orders") == Ids{"o1", "o2", "o3", "o5"});
    CHECK(shop.ids("/orders?limit=3&page=2") == Ids{"o5"});
    CHECK(shop.ids("/orders?status=cancelled") == Ids{"o2"});
    CHECK(shop.ids("/orders?created_from=2011-03-03") == Ids{"o3", "o5"});
    CHECK(shop.seller.get("/orders?count_only=1").json.at("total") == 4);
    Seller other(shop.sandbox, tenant_b);
    CHECK(other.get("/orders").json.at("total") == 0);
    check_error(other.get("/orders/o1"), 404, "Order not found");
    CHECK(other.get("/customers").json.at("total") == 0);
}

TEST_CASE("an order of the CSV has its lines, amounts, buyer and where they came from") {
    Shop shop;
    const auto order = shop.seller.get("/orders/o1").json;
    CHECK(order.at("offer_id") == shop.offer);
    CHECK(order.at("createdAt") == "2011-03-01T10:00:00Z");
    CHECK(order.at("status") == "completed");
    CHECK(order.at("payment_status") == "paid");
    CHECK(order.at("payment_method") == "pix");
    CHECK(order.at("customer_id") == "17850");
    CHECK(order.at("customer").at("email") == "ana@x.br");
    REQUIRE(order.at("items").size() == 2);
    CHECK(order.at("items")[0].at("product_id") == "p1");
    CHECK(order.at("items")[0].at("quantity") == 2);
    CHECK(order.at("items")[0].at("unit_price") == 500);
    CHECK(order.at("items")[1].at("total_amount") == 500);
    CHECK(order.at("subtotal") == 1500);
    CHECK(order.at("discount_amount") == 100);
    CHECK(order.at("shipping_amount") == 250);
    CHECK(order.at("total_amount") == 1650);
    CHECK(order.at("currency") == "USD");
    CHECK(order.at("utm").at("source") == "mail");
    const auto nobodys = shop.seller.get("/orders/o5").json;
    CHECK(nobodys.at("customer_id") == "");
    CHECK(nobodys.at("customer").is_null());
    CHECK(nobodys.at("currency") == "BRL");
}

TEST_CASE("a line names a product by the platform's id or by its SKU") {
    Shop shop;
    const auto product = shop.seller.post(
        "/products", R"({"name":"Mug","type":"physical","sku":"p1","price":500,"currency":"BRL"})"
    );
    REQUIRE(product.status == 201);
    const auto item = shop.seller.get("/orders/o3").json.at("items")[0];
    CHECK(item.at("product_id") == product.json.at("_id"));
    CHECK(item.at("sku") == "p1");
    CHECK(item.at("name") == "Mug");
}

TEST_CASE("customers of the CSV are known by their address, or by the file's own word") {
    Shop shop;
    const auto all = shop.seller.get("/customers").json.at("data");
    REQUIRE(all.size() == 2);  // Eve bought what is not this seller's
    CHECK(all[0].at("_id") == "17850");
    CHECK(all[0].at("name") == "Ana");
    CHECK(all[0].at("total_orders") == 1);
    CHECK(all[0].at("total_spent") == 1650);
    CHECK(all[1].at("_id").get<std::string>().size() == 24);
    CHECK(shop.seller.get("/customers/email/ANA%40x.br").json == all[0]);
    CHECK(shop.seller.get("/customers/17850").json == all[0]);
    const auto metrics = shop.seller.get("/customers/17850/metrics").json;
    CHECK(metrics.at("lifetime_value") == 1650);
    CHECK(metrics.at("first_purchase_at") == "2011-03-01T10:00:00Z");
    const auto with_orders = shop.seller.get("/customers/17850?include=orders.items.product").json;
    CHECK(with_orders.at("orders").size() == 2);
}

TEST_CASE("a customer of the CSV is changed as any other, and stays one customer") {
    Shop shop;
    check_error(
        shop.seller.post("/customers", R"({"name":"Ana","email":"ana@x.br"})"), 409, "already"
    );
    const auto changed = shop.seller.put("/customers/17850", R"({"tags":["vip"]})");
    CHECK(changed.status == 200);
    CHECK(changed.json.at("name") == "Ana");
    CHECK(shop.ids("/customers").size() == 2);
    CHECK(shop.seller.get("/customers/email/ana@x.br").json.at("tags") == Json::array({"vip"}));
    CHECK(shop.seller.get("/orders/o1").json.at("customer_id") == "17850");
    CHECK(shop.seller.get("/customers/17850/metrics").json.at("total_orders") == 1);
}

TEST_CASE("an order of the CSV is refunded as any other, and stays one order") {
    Shop shop;
    CHECK(shop.seller.post("/payments/txn_o1/refund").json.at("status") == "refunded");
    CHECK(shop.seller.get("/orders/o1").json.at("status") == "refunded");
    CHECK(shop.ids("/orders") == Ids{"o2", "o3", "o5", "o1"});
    CHECK(shop.seller.get("/customers/17850").json.at("total_spent") == 0);
    CHECK(shop.seller.get("/customers/17850/metrics").json.at("total_orders") == 0);
}

TEST_CASE("of an order that is completed in part, what was completed is listed") {
    Shop shop;
    CHECK(
        shop.sandbox
            .control(
                "POST",
                "orders",
                "o9,2011-03-05T10:00:00Z,mug,p1,1,40,direct,,,cancelled\n"
                "o9,2011-03-05T10:00:00Z,mug,p2,1,60,direct,,,completed\n"
                "o9,2011-03-05T10:00:00Z,cup,p3,1,80,direct,,,completed\n"
            )
            .status == 200
    );
    const auto order = shop.seller.get("/orders/o9").json;
    CHECK(order.at("status") == "completed");
    CHECK(order.at("total_amount") == 60);
    CHECK(order.at("items").size() == 1);
}

TEST_CASE("optional columns are named by the header, each once, and no others") {
    Sandbox sandbox;
    const std::string ten(CsvLines::header);
    const std::string line = "o1,2011-03-20T10:00:00Z,mug,p1,1,1000,a,b,c,completed";
    CHECK(sandbox.control("POST", "orders", ten + ",email\n" + line + ",a@x.br\n").status == 200);
    const auto wrong = GENERATE(",colour\n", ",email,email\n");
    check_error(sandbox.control("POST", "orders", ten + wrong + line + ",x\n"), 400, "line 1");
    const auto bad = ten + ",discount_cents\n" + line + ",1.5\n";
    check_error(sandbox.control("POST", "orders", bad), 400, "line 2 has a discount");
}
