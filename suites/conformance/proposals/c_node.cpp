#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/proposals/node.hpp"
#include "conformance/registration.hpp"

/// Proposal C, "JSON Schema": which node manifests a registry stores.
namespace referee::suites::proposal_checks {

using namespace referee::conformance;  // NOLINT(google-build-using-namespace): checks read as sentences
namespace media_type = oci::media_type;

namespace {

void register_restrictions(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/c/push/node",
                 .title = "A node is stored below /v3/ as it is, under its digest and under a tag",
                 .how = "Pushes a node with description, objects and reference, and pulls it both ways. Whether /v2/ "
                        "serves it too is observed.",
                 .requirements = {"C.push.node", "dist.pull.manifest.content-type"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.get.ct-generic"},
                 .tags = {"root"},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   auto fields = node_fields(t, "a node");
                   fields["objects"] = Json::array({oci::to_json(t.pushed_blob().descriptor())});
                   fields["reference"] = oci::to_json(t.pushed_image().descriptor());
                   const auto content = node(fields);
                   ASSERT_THAT(put_node(t, content), HasStatus(201));
                   ASSERT_THAT(put_node(t, content, t.tag("node")), HasStatus(201));
                   for (const auto& reference : {content.digest().str(), t.tag("node")}) {
                     const auto answer = ask_v3(t, "manifests", reference);
                     EXPECT_THAT(answer, ServesContent(content));
                     EXPECT_THAT(answer, HasMediaType(std::string(media_type::kNode)));
                   }
                   t.observe("below /v2/", std::to_string(get(t, content.digest().str()).status));
                 }});
  catalogue.add({.id = "proposals/c/push/no-nested-node",
                 .title = "A node that holds a node is refused",
                 .how = "Pushes a node, and another whose object it is.",
                 .requirements = {"C.push.no-nested-node"},
                 .needs = kNeedsC,
                 .after = kNodePushed,
                 .kills = {"r.C.nested-node-ok"},
                 .tags = {"errors"},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto inner = pushed_node(t, node_fields(t, "inner"));
                   auto fields = node_fields(t, "outer");
                   fields["objects"] = Json::array({oci::to_json(inner.descriptor())});
                   EXPECT_THAT(put_node(t, node(fields)), IsClientError());
                 }});
  catalogue.add({.id = "proposals/c/push/reference-0or1",
                 .title = "A node has one reference or none",
                 .how = "Pushes nodes without the field, with an empty one, with one descriptor, and with two.",
                 .requirements = {"C.push.reference-0or1"},
                 .needs = kNeedsC,
                 .after = kNodePushed,
                 .kills = {"r.C.two-references-ok"},
                 .tags = {"errors"},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   const auto image = oci::to_json(t.pushed_image().descriptor());
                   auto fields = node_fields(t, "none");
                   EXPECT_THAT(put_node(t, node(fields)), HasStatus(201)) << "a node without `reference` is taken";
                   fields["reference"] = Json::object();
                   EXPECT_THAT(put_node(t, node(fields)), HasStatus(201))
                       << "a node whose `reference` is empty is taken";
                   fields["reference"] = image;
                   EXPECT_THAT(put_node(t, node(fields)), HasStatus(201)) << "a node with one reference is taken";
                   fields["reference"] = Json::array({image, oci::to_json(t.pushed_image().descriptor())});
                   EXPECT_THAT(put_node(t, node(fields)), IsClientError())
                       << "a node with two references is refused with a 4xx";
                 }});
}

void register_choices(Catalogue& catalogue) {
  catalogue.add({.id = "proposals/c/push/reference-external",
                 .title = "Whether a reference may point to something elsewhere",
                 .how = "Pushes nodes whose reference has a URL beside its digest, and whose reference is a URL: the "
                        "proposal gives no form.",
                 .requirements = {"C.push.reference-external"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.C.external-refused"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   auto elsewhere = t.pushed_image().descriptor();
                   elsewhere.urls = {"https://registry.example/v2/elsewhere/manifests/" + elsewhere.digest};
                   auto fields = node_fields(t, "external");
                   fields["reference"] = oci::to_json(elsewhere);
                   t.observe("descriptor with a URL", std::to_string(put_node(t, node(fields)).status));
                   fields["reference"] = elsewhere.urls.front();
                   t.observe("URL alone", std::to_string(put_node(t, node(fields)).status));
                 }});
  catalogue.add({.id = "proposals/c/push/missing-target",
                 .title = "A node may come before what it refers to",
                 .how = "Pushes a node, then the image that is its reference, and lists what refers to the image.",
                 .requirements = {"C.push.missing-reference-target"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.put.reject-missing-subject"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto image = oci::image(t.random());
                   auto fields = node_fields(t, "early");
                   fields["reference"] = oci::to_json(image.descriptor());
                   const auto pushed = put_node(t, node(fields));
                   t.observe("push", std::to_string(pushed.status));
                   if (pushed.status != 201) return;
                   t.push(image);
                   const auto found = nodes_for(t, image.digest().str(), 1).entries.size();
                   t.observe("claim", found == 1 ? "confirmed" : "refuted");
                 }});
  catalogue.add({.id = "proposals/c/push/chain-depth",
                 .title = "How long a chain of nodes may be",
                 .how = "Pushes 32 nodes, each of which refers to the one before, until one is refused.",
                 .requirements = {"C.chain.depth-limit"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.C.chain-capped"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   auto last = t.pushed_image().descriptor();
                   for (int length = 1; length <= 32; ++length) {
                     auto fields = node_fields(t, "link");
                     fields["reference"] = oci::to_json(last);
                     const auto content = node(fields);
                     const auto status = put_node(t, content).status;
                     if (status != 201) {
                       t.observe("chain", fmt::format("refused at {} with {}", length, status));
                       return;
                     }
                     last = content.descriptor();
                   }
                   t.observe("chain", "32 and more");
                 }});
  catalogue.add({.id = "proposals/c/push/size",
                 .title = "How a node is answered that is larger than a manifest may be",
                 .how = "Pushes a node whose description has five million characters.",
                 .requirements = {"C.policy.size"},
                 .needs = kNeedsC,
                 .after = {},
                 .kills = {"r.put.limit-400", "r.put.limit-500"},
                 .tags = {},
                 .profiles = kOnC,
                 .body = [](Context& t) {
                   t.pushed_image();
                   const auto status = put_node(t, node(node_fields(t, std::string(5'000'000, 'x')))).status;
                   t.observe("push", std::to_string(status));
                   t.observe("claim", status == 413 ? "confirmed" : status == 201 ? "no limit here" : "refuted");
                 }});
  catalogue.add({.id = "proposals/c/push/index-equivalent",
                 .title = "Whether an index may list a blob, and so take the place of a node",
                 .how = "Pushes an index one of whose entries is a blob.",
                 .requirements = {"C.index-equivalent"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.put.reject-unknown-child-type"},
                 .tags = {"index"},
                 .profiles = {"c", "oci-1.0"},
                 .body = [](Context& t) {
                   const auto blob = t.pushed_blob();
                   const auto index =
                       oci::IndexBuilder().manifest(t.pushed_image().descriptor()).manifest(blob.descriptor()).build();
                   const auto status = put(t, index).status;
                   t.observe("push", std::to_string(status));
                   t.observe("claim", status == 201 ? "confirmed" : "refuted");
                 }});
}

}  // namespace

void register_c_node(Catalogue& catalogue) {
  register_restrictions(catalogue);
  register_choices(catalogue);
}

}  // namespace referee::suites::proposal_checks
