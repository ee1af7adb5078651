-- What pandoc does to the club's Markdown before it writes HTML.

-- The pictures that may be shown, and where they are: said in the metadata, which a text of ours cannot hold itself.
local addresses = {}

local function Meta(meta)
  for key, value in pairs(meta) do
    local name = key:match("^image%-(.+)$")
    if name then
      addresses[name] = pandoc.utils.stringify(value)
    end
  end
  return {} -- so that no page is made of it
end

-- HTML in Markdown is shown, not obeyed.
local function RawInline(raw)
  return pandoc.Str(raw.text)
end

local function RawBlock(raw)
  return pandoc.Para({ pandoc.Str(raw.text) })
end

-- No page of ours fetches pictures from elsewhere: what stands for them is a link.
local function Image(image)
  local words = image.caption
  local address = addresses[image.src]
  if address then
    local said = pandoc.utils.stringify(words)
    said = said == "" and "Figure" or said:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" })
    -- Written here, because pandoc would embed what has the name of a PDF; what is sent is a picture.
    return pandoc.RawInline("html", '<img src="' .. address .. '" alt="' .. said .. '" />')
  end
  if #words == 0 then
    words = { pandoc.Str(image.src) }
  end
  if image.src:match("^https?://") then
    return pandoc.Link(words, image.src)
  end
  return words
end

-- What may be wider than a phone scrolls in a frame of its own, also by keyboard.
local function frame(label)
  return { class = "scroll", tabindex = "0", role = "group", ["aria-label"] = label }
end

local function CodeBlock(code)
  return pandoc.Div({ pandoc.CodeBlock(code.text) }, frame("Code"))
end

local function Table(cells)
  return pandoc.Div({ cells }, frame("Table"))
end

local function Math(formula)
  if formula.mathtype == "DisplayMath" then
    return pandoc.Span({ formula }, frame("Formula"))
  end
end

-- No line ends between a formula and the signs that stand directly beside it.
local function Inlines(parts)
  for number, part in ipairs(parts) do
    if part.t == "Math" then
      local before, after = parts[number - 1], parts[number + 1]
      local open = before and before.t == "Str" and before.text:match("%p+$") or ""
      local close = after and after.t == "Str" and after.text:match("^%p+") or ""
      if open ~= "" then
        before.text = before.text:sub(1, -#open - 1)
      end
      if close ~= "" then
        after.text = after.text:sub(#close + 1)
      end
      if open .. close ~= "" then
        parts[number] = pandoc.Span({ pandoc.Str(open), part, pandoc.Str(close) }, { class = "whole" })
      end
    end
  end
  return parts
end

-- What is shown must be known before anything is looked at, and HTML be gone before there is any of ours.
return {
  { Meta = Meta },
  { RawInline = RawInline, RawBlock = RawBlock },
  { Image = Image, CodeBlock = CodeBlock, Table = Table, Math = Math },
  { Inlines = Inlines },
}
