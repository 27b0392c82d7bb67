import type { ReactNode } from 'react';
import type { ElementValue, OptionObject } from '../state.ts';
import { useWorkspace } from '../workspace.ts';
import { plainOf } from './text.tsx';
import type { InteractiveElement } from './types.ts';

/** What an element holds before anybody touched it, or undefined for elements that hold nothing (buttons). */
export function initialValue(element: InteractiveElement): ElementValue | undefined {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type: element.type, value: element.initial_value ?? null };
    case 'static_select':
    case 'radio_buttons':
      return { type: element.type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case 'datepicker':
      return { type: 'datepicker', selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type: 'timepicker', selected_time: element.initial_time ?? null };
    case 'file_input':
      return { type: 'file_input', files: [] };
    case 'users_select':
      return { type: 'users_select', selected_user: element.initial_user ?? null };
    default:
      return undefined;
  }
}

export interface ChoiceProps {
  readonly element: InteractiveElement;
  readonly value: ElementValue;
  readonly onChange: (value: ElementValue) => void;
  /** What the element is called where a label outside points at its id. */
  readonly label?: string;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  readonly disabled?: boolean;
}

/** Any element with a value, as the browser's own control. */
export function Choice(props: ChoiceProps): ReactNode {
  const { element, value, onChange } = props;
  const { state } = useWorkspace();
  const common = {
    id: props.id,
    disabled: props.disabled,
    'aria-describedby': props.describedBy,
    'aria-invalid': props.invalid,
    'aria-label': props.label ?? element.placeholder?.text ?? element.type.replace(/_/g, ' '),
    // The app asks for it, and it is where the reader expects to type.
    autoFocus: element.focus_on_load,
  };
  switch (value.type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input': {
      const type = value.type;
      const text = {
        ...common,
        value: value.value ?? '',
        placeholder: element.placeholder?.text,
        maxLength: element.max_length,
        onChange: (event: { target: { value: string } }) => onChange({ type, value: event.target.value || null }),
      };
      if (element.multiline === true) return <textarea rows={4} {...text} />;
      const kinds = {
        plain_text_input: 'text',
        number_input: 'text',
        email_text_input: 'email',
        url_text_input: 'url',
      };
      return <input type={kinds[type]} inputMode={type === 'number_input' ? 'decimal' : undefined} {...text} />;
    }
    case 'static_select':
      return (
        <select
          {...common}
          value={value.selected_option?.value ?? ''}
          onChange={(event) =>
            onChange({ type: 'static_select', selected_option: optionOf(element, event.target.value) ?? null })
          }
        >
          <option value="">{element.placeholder?.text ?? 'Choose an option'}</option>
          {element.options?.map((option) => (
            <Option key={option.value} option={option} />
          ))}
          {element.option_groups?.map((group) => (
            <optgroup key={group.label.text} label={plainOf(group.label)}>
              {group.options.map((option) => (
                <Option key={option.value} option={option} />
              ))}
            </optgroup>
          ))}
        </select>
      );
    case 'radio_buttons':
    case 'checkboxes':
    case 'multi_static_select':
      return <Boxes {...props} />;
    case 'datepicker':
      return (
        <input
          type="date"
          {...common}
          value={value.selected_date ?? ''}
          onChange={(event) => onChange({ type: 'datepicker', selected_date: event.target.value || null })}
        />
      );
    case 'timepicker':
      return (
        <input
          type="time"
          {...common}
          value={value.selected_time ?? ''}
          onChange={(event) => onChange({ type: 'timepicker', selected_time: event.target.value || null })}
        />
      );
    case 'file_input':
      return (
        <input
          type="file"
          {...common}
          accept={element.filetypes?.map((type) => `.${type}`).join(',')}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file === undefined) return onChange({ type: 'file_input', files: [] });
            void file.text().then((text) => onChange({ type: 'file_input', files: [{ name: file.name, text }] }));
          }}
        />
      );
    case 'users_select':
      return (
        <select
          {...common}
          value={value.selected_user ?? ''}
          onChange={(event) => onChange({ type: 'users_select', selected_user: event.target.value || null })}
        >
          <option value="">{element.placeholder?.text ?? 'Choose a person'}</option>
          {state.people
            .filter(({ deleted }) => deleted !== true)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
      );
  }
}

function Option({ option }: { readonly option: OptionObject }): ReactNode {
  return <option value={option.value}>{plainOf(option.text)}</option>;
}

/** Radio buttons, or boxes to tick (for multi-selects too, whose native form is hard to use). */
function Boxes({ element, value, onChange, id, label, disabled }: ChoiceProps): ReactNode {
  const one = value.type === 'radio_buttons';
  const chosen =
    value.type === 'radio_buttons'
      ? [value.selected_option]
      : value.type === 'checkboxes' || value.type === 'multi_static_select'
        ? value.selected_options
        : [];
  const options = element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
  const pick = (option: OptionObject, on: boolean): void => {
    if (value.type === 'radio_buttons') onChange({ type: value.type, selected_option: option });
    if (value.type !== 'checkboxes' && value.type !== 'multi_static_select') return;
    const others = value.selected_options.filter((other) => other.value !== option.value);
    onChange({ type: value.type, selected_options: on ? [...others, option] : others });
  };
  return (
    <div className="boxes" role={one ? 'radiogroup' : 'group'} id={id} aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type={one ? 'radio' : 'checkbox'}
            name={`${id ?? ''}/${element.action_id ?? ''}`}
            disabled={disabled}
            checked={chosen.some((other) => other?.value === option.value)}
            onChange={(event) => pick(option, event.target.checked)}
          />
          {plainOf(option.text)}
        </label>
      ))}
    </div>
  );
}

function optionOf(element: InteractiveElement, value: string): OptionObject | undefined {
  const options = element.options ?? element.option_groups?.flatMap((group) => group.options);
  return options?.find((option) => option.value === value);
}
