-- What pandoc does to the club's Markdown before it writes HTML.

-- HTML in Markdown is shown, not obeyed.
function RawInline(raw)
  return pandoc.Str(raw.text)
end

function RawBlock(raw)
  return pandoc.Para({ pandoc.Str(raw.text) })
end

-- No page of ours fetches pictures from elsewhere: what stands for them is a link.
function Image(image)
  local words = image.caption
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

function CodeBlock(code)
  return pandoc.Div({ pandoc.CodeBlock(code.text) }, frame("Code"))
end

function Table(cells)
  return pandoc.Div({ cells }, frame("Table"))
end

function Math(formula)
  if formula.mathtype == "DisplayMath" then
    return pandoc.Span({ formula }, frame("Formula"))
  end
end
