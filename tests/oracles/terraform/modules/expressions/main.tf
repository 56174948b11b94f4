# What the language can compute, with plain values.

locals {
  services = [
    { name = "orders", team = "shop", memory = 512, public = true, tags = ["a", "b"] },
    { name = "users", team = "identity", memory = 256, public = false, tags = [] },
    { name = "carts", team = "shop", memory = 128, public = false, tags = ["c"] },
  ]
  by_name  = { for service in local.services : service.name => service }
  nothing  = null
  text     = <<-EOT
    Dear ${local.services[0].name},
      you have ${length(local.services)} friends:
    %{for service in local.services~}
    - ${service.name}%{if service.public} (public)%{endif}
    %{endfor~}
    Yours, $${nobody} and %%{nothing}
  EOT
  template = "Hello $${name}, %%{ if loud }LOUD%%{ else }quiet%%{ endif }"
  flush    = <<EOT
left
  two
EOT
}

resource "terraform_data" "operators" {
  input = {
    arithmetic = [7 + 2, 7 - 2, 7 * 2, 7 / 2, 7 % 4, -7 % 4, -(3), 1 / 3 * 3]
    numbers    = [1e3, 1.50, 0.1 + 0.2, 123456789012345678, 1000000 * 1000000, 2.0]
    precedence = [1 + 2 * 3, (1 + 2) * 3, 10 - 4 - 3, 2 * 3 % 4]
    compared   = [1 < 2, 2 <= 2, 3 > 4, 4 >= 5, 1 == 1.0, "1" == 1, "a" != "b"]
    equal      = [[1, 2] == [1, 2], { a = 1 } == { a = 1 }, null == null, "" == null, [] == []]
    logic      = [true && false, true || false, !true, !(1 > 2) && true]
    choice     = [true ? "a" : "b", false ? 1 : 2, 1 > 2 ? "x" : 1 > 0 ? "y" : "z"]
    unified    = [true ? 1 : "b", false ? [] : ["x"], true ? null : "never"]
  }
}

resource "terraform_data" "texts" {
  input = {
    heredoc   = local.text
    flush     = local.flush
    nested    = "a${"b${"c${1 + 1}"}"}"
    whole     = "${true}"
    escaped   = "tab\tquote\"back\\slash\nnew \u00e9 \U0001F600"
    dollars   = "$${not} %%{not} $ % {} $5"
    condition = "it is %{if local.by_name["orders"].public}open%{else}shut%{endif}!"
    loop      = "%{for name, service in local.by_name}${name}=${service.memory};%{endfor}"
    trimmed   = "  a  ${~" b "~}  c  "
    index     = "%{for index, service in local.services}${index}${service.name} %{endfor}"
    number    = "${1.50} ${100} ${1e21} ${0.000001}"
  }
}

resource "terraform_data" "loops" {
  input = {
    list      = [for service in local.services : upper(service.name)]
    filtered  = [for service in local.services : service.name if service.memory >= 256]
    indexed   = [for index, service in local.services : "${index}:${service.name}"]
    object    = { for name, service in local.by_name : name => service.memory * 2 }
    grouped   = { for service in local.services : service.team => service.name... }
    swapped   = { for key, value in { a = "x", b = "y" } : value => key }
    nested    = { for service in local.services : service.name => [for tag in service.tags : "${service.team}/${tag}"] }
    flattened = flatten([for service in local.services : [for tag in service.tags : { name = service.name, tag = tag }]])
    of_set    = [for item in toset(["c", "a", "b"]) : item]
    of_map    = [for key, value in { z = 1, a = 2 } : "${key}${value}"]
    empty     = { list = [for item in [] : item], object = { for item in [] : item => 1 } }
    shadowed  = [for local in ["outer"] : [for local in ["inner"] : local]]
  }
}

resource "terraform_data" "access" {
  input = {
    attribute  = local.by_name.orders.team
    index      = local.by_name["users"].memory
    number     = local.services[1].name
    legacy     = local.services.0.name
    dynamic    = local.by_name[local.services[2].name].memory
    splat      = local.services[*].name
    deep       = local.services[*].tags[*]
    quoted_key = { "a b" = 1, (local.services[0].name) = 2, "c-${1}" = 3, d-e = 4 }
    tried      = [try(local.by_name.nobody.name, "fallback"), try(local.services[9], null), try(tonumber("x"), tonumber("7"))]
    can        = [can(local.by_name.nobody), can(local.by_name.orders), can(tonumber("x")), can(regex("^o", "orders"))]
    nulls      = [local.nothing == null, coalesce(local.nothing, "", "first"), try(coalesce(null, ""), "none")]
    one        = [one([]), one(["x"]), one(toset(["y"]))]
  }
}

resource "terraform_data" "collections" {
  input = {
    merge        = merge({ a = 1, b = 2 }, null, { b = 3 }, {})
    concat       = concat(["a"], [], ["b", "c"])
    flatten      = flatten([["a", ["b"]], [], "c"])
    distinct     = distinct(["b", "a", "b"])
    sort         = sort(["b", "B", "a", "10", "9"])
    reverse      = reverse([1, 2, 3])
    slice        = slice(["a", "b", "c", "d"], 1, 3)
    chunk        = chunklist(["a", "b", "c"], 2)
    compact      = compact(["a", "", "b", null])
    contains     = [contains(["a"], "a"), contains(["a"], "b")]
    element      = element(["a", "b", "c"], 4)
    index        = index(["a", "b"], "b")
    keys         = keys({ b = 1, a = 2 })
    values       = values({ b = 1, a = 2 })
    lookup       = [lookup({ a = "x" }, "a", "y"), lookup({ a = "x" }, "b", "y")]
    length       = [length("grüße"), length([1, 2]), length({ a = 1 })]
    range        = [range(3), range(1, 4), range(10, 0, -3)]
    zipmap       = zipmap(["a", "b"], [1, 2])
    transpose    = transpose({ a = ["x", "y"], b = ["y"] })
    matchkeys    = matchkeys(["i-1", "i-2"], ["a", "b"], ["b"])
    setproduct   = setproduct(["a", "b"], [1, 2])
    sets         = [setunion(["a"], ["b"]), setintersection(["a", "b"], ["b"]), setsubtract(["a", "b"], ["b"])]
    all          = [alltrue([true, "true"]), anytrue([false, true]), alltrue([]), anytrue([])]
    coalescelist = coalescelist([], ["a"])
    sum          = [sum([1, 2.5]), max(1, 5, 3), min([4, 2]...), ceil(1.2), floor(-1.2), abs(-3), signum(-2), pow(2, 10), log(8, 2)]
    conversions  = [tostring(1), tonumber("2.50"), tobool("true"), tolist(toset(["b", "a"])), tomap({ a = 1 }), toset([1, "1"])]
    parsed       = [parseint("ff", 16), parseint("-101", 2)]
  }
}

resource "terraform_data" "strings" {
  input = {
    format     = format("%s-%03d-%5.2f-%t-%v-%q-%%-%x", "a", 7, 3.14159, true, ["x", 1], "q", 255)
    padded     = format("[%5s][%-5s][%+d]", "a", "b", 3)
    formatlist = formatlist("%s.%s", ["a", "b"], "example.com")
    join       = join("-", ["a", "b"], ["c"])
    split      = split(",", "a,b,,c")
    replace    = [replace("a-b-c", "-", "_"), replace("orders-v12", "/v(\\d+)/", "version $1")]
    regex      = [regex("[a-z]+", "12abc34"), regex("(\\w+)@(\\w+)", "me@home"), regex("(?P<k>\\w+)=(?P<v>\\w+)", "a=b")]
    regexall   = regexall("[0-9]+", "a1b22c333")
    substr     = [substr("grüße", 1, 3), substr("hello", -3, -1)]
    trims      = [trim("--a--", "-"), trimprefix("pre-a", "pre-"), trimsuffix("a.zip", ".zip"), trimspace("  a "), chomp("a\n\n")]
    cases      = [upper("aß"), lower("AÉ"), title("hello the world")]
    tests      = [startswith("arn:aws", "arn"), endswith("a.zip", "zip"), strcontains("abc", "bd"), strrev("abc")]
    indent     = indent(2, "a\nb\nc")
    template   = templatestring(local.template, { name = "you", loud = true })
  }
}

resource "terraform_data" "encoded" {
  input = {
    json      = jsonencode({ b = [1, 2.5, true, null], a = "<&>\u2028é", "c d" = {} })
    decoded   = jsondecode("{\"a\": [1, 2.50, \"x\", null], \"b\": {\"c\": true}}")
    yaml      = yamldecode("a: [1, 2]\nb: {c: yes}\nd: null\ne: |\n  lines\n  more\n")
    csv       = csvdecode("name,age\nann,30\nbob,\n")
    base64    = [base64encode("grüße"), base64decode("aGVsbG8=")]
    url       = urlencode("a b/c?d=é&f")
    hashes    = [md5("a"), sha1("a"), sha256("a"), base64sha256("a"), substr(sha512("a"), 0, 16)]
    uuid      = uuidv5("dns", "example.com")
    cidr      = [cidrsubnet("10.0.0.0/16", 8, 3), cidrhost("10.0.3.0/24", 5), cidrnetmask("10.0.0.0/20"), cidrsubnet("fd00::/48", 16, 2)]
    cidrs     = cidrsubnets("10.1.0.0/16", 4, 4, 8)
    times     = [timeadd("2026-01-31T00:00:00Z", "36h"), formatdate("DD MMM YYYY hh:mm ZZZ", "2026-01-02T03:04:05Z"), timecmp("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    directory = [dirname("a/b/c.txt"), basename("a/b/c.txt"), pathexpand("plain")]
  }
}
